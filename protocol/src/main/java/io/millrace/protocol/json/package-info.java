/** Owns the only ObjectMapper of the wire. Depends on nothing of ours. */
@NullMarked
package io.millrace.protocol.json;

import org.jspecify.annotations.NullMarked;
