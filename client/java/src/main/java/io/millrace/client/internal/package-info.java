/** Owns how requests reach a node: connections, time-outs, retries. Knows HTTP, not what the requests mean. Not for users. */
@NullMarked
package io.millrace.client.internal;

import org.jspecify.annotations.NullMarked;
