/** Owns what one run of a java handler does on its node: read, handle, append, checkpoint, complete. */
@NullMarked
package io.millrace.node.run;

import org.jspecify.annotations.NullMarked;
