/** Owns the faults: which there are, whom they hit, and the seeded order in which they come. */
@NullMarked
package io.millrace.node.faults.nemesis;

import org.jspecify.annotations.NullMarked;
