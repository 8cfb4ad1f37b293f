/** Skeleton. */
@NullMarked
package io.millrace.demo;

import org.jspecify.annotations.NullMarked;
