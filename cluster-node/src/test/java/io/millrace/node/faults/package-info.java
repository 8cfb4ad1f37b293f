/** Owns fault runs: load, faults, healing, final reads, and the verdict. */
@NullMarked
package io.millrace.node.faults;

import org.jspecify.annotations.NullMarked;
