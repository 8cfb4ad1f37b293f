/**
 * Owns the words that logs and metrics tell of things with: the fields of a log line, the labels of a meter and how many
 * values they may have.
 */
@NullMarked
package io.millrace.node.telemetry;

import org.jspecify.annotations.NullMarked;
