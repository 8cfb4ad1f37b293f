/** Owns the bus under load: one that runs already or one of our own, its processes, and what they use of the machine. */
@NullMarked
package io.millrace.load.bus;

import org.jspecify.annotations.NullMarked;
