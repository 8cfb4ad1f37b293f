/**
 * Owns how fast a run may read after its bot was resumed with a rate: the same on every node and in every worker.
 */
@NullMarked
package io.millrace.protocol.pace;

import org.jspecify.annotations.NullMarked;
