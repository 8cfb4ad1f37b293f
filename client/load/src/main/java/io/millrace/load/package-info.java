/** Skeleton. */
@NullMarked
package io.millrace.load;

import org.jspecify.annotations.NullMarked;
