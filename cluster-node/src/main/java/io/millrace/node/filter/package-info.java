/**
 * Owns {@code where}: expressions over events that readers may give, safe to run on the server: they can only look, only at
 * one event, and only for a bounded time.
 */
@NullMarked
package io.millrace.node.filter;

import org.jspecify.annotations.NullMarked;
