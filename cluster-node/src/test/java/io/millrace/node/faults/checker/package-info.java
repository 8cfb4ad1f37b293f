/**
 * Holds a history of a fault run against the nine rules of design.md, section 3, offline.
 *
 * <p>{@link io.millrace.node.faults.checker.Rules} is the table of contents. A rule says only what the history proves:
 * an operation of unknown outcome may have happened or not, at any time after it began, but at most once. Cost: the
 * files are read twice, thrice with violations; in memory stay positions, never texts of values. Measured: 1 million
 * appends of 2 million values with 1 million outputs, each read by three nodes and a follower (1.6 GB of files), in a
 * heap of 600 MB and 20 s of one core; so 5 million values need about 1 GB.
 */
@NullMarked
package io.millrace.node.faults.checker;

import org.jspecify.annotations.NullMarked;
