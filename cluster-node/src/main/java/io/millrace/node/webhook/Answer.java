package io.millrace.node.webhook;

import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook answered.
 *
 * @param retryAfter the field of that name, if there is one
 */
record Answer(int status, @Nullable String retryAfter, ByteString body) {}
