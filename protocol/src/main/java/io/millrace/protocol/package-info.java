/**
 * Owns the words that both sides of the wire speak: event ids and positions, names, events, correlations, checkpoints
 * and problems. Knows neither the node nor a client.
 */
@NullMarked
package io.millrace.protocol;

import org.jspecify.annotations.NullMarked;
