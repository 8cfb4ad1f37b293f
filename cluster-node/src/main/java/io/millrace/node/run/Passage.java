package io.millrace.node.run;

/** What comes out of a handler, in the order of what it was given. */
sealed interface Passage permits Handled, Barrier {}
