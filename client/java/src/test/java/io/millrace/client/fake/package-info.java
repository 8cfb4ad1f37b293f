/** Owns a node in memory that keeps the promises of api.md, and breaks connections and answers as a test asks. */
@NullMarked
package io.millrace.client.fake;

import org.jspecify.annotations.NullMarked;
