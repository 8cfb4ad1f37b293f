/** Owns what stands on the wire beside events: media types, header names, and the records of requests and answers. */
@NullMarked
package io.millrace.protocol.http;

import org.jspecify.annotations.NullMarked;
