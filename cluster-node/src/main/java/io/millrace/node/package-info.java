/** Owns the start of a node: arguments, settings, and the one class that wires everything together. */
@NullMarked
package io.millrace.node;

import org.jspecify.annotations.NullMarked;
