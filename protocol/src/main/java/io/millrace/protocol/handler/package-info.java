/**
 * Owns the face that a bot's code shows to the bus, the same whether it runs in a node or in a worker of its own.
 */
@NullMarked
package io.millrace.protocol.handler;

import org.jspecify.annotations.NullMarked;
