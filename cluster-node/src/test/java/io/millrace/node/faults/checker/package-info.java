/**
 * Holds a history of a fault run against the nine rules of design.md, section 3, offline.
 *
 * <p>{@link io.millrace.node.faults.checker.Rules} is the table of contents. A rule says only what the history proves:
 * an operation of unknown outcome may have happened or not, at any time after it began, but at most once. Cost: the
 * files are read twice (thrice with violations), in memory stay about 150 bytes for each appended value and 50 for each
 * value of an output, so that 5 million values need 1 GB.
 */
@NullMarked
package io.millrace.node.faults.checker;

import org.jspecify.annotations.NullMarked;
