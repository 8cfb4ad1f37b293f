/**
 * Owns events as users write and read them in JSON: the strict reading of what they send, with the line of each fault, and
 * the writing of what they read.
 */
@NullMarked
package io.millrace.protocol.event;

import org.jspecify.annotations.NullMarked;
