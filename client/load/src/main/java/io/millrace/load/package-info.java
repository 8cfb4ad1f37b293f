/** Owns the native bench: workloads against a running node, with CPU and memory of all that takes part. */
@NullMarked
package io.millrace.load;

import org.jspecify.annotations.NullMarked;
