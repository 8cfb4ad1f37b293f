/**
 * Owns the handlers that ship with a node and need no code, named in a registration as {@code class}: {@code forward}, {@code
 * filter}, {@code map}, {@code reduce}, {@code csv}; and those that users' jars bring.
 *
 * <p>What each does with an event is a function of the event, and of its settings, alone: no clock, no chance, nothing from
 * outside. So a batch that comes again gives the same output, which the receiving queue drops (design D5).
 */
@NullMarked
package io.millrace.node.handlers;

import org.jspecify.annotations.NullMarked;
