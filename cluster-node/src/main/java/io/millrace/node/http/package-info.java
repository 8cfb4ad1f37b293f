/**
 * Owns the HTTP surface of a node: one file per resource, and around them what every request goes through: target, limits,
 * media types, problems. Knows the application's interfaces and the protocol, no actors and no storage.
 *
 * <p>A small table of its own ({@link io.millrace.node.http.Router}) instead of the framework's routing language: names are
 * taken from the raw target, so that no dot segment or escaped slash is resolved before it is refused, and there is no
 * rejection that isn't a problem document of ours.
 */
@NullMarked
package io.millrace.node.http;

import org.jspecify.annotations.NullMarked;
