/** Owns what load is made of: the events, the same bytes as those that other systems are measured with. */
@NullMarked
package io.millrace.load;

import org.jspecify.annotations.NullMarked;
