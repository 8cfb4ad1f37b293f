/** Owns child JVMs: their command line, their death with this process, and stopping them in bounded time. */
@NullMarked
package io.millrace.node.process;

import org.jspecify.annotations.NullMarked;
