/** Owns the bench: workloads, their results as lines of JSON, and a table that holds them against the goals. */
@NullMarked
package io.millrace.load.bench;

import org.jspecify.annotations.NullMarked;
