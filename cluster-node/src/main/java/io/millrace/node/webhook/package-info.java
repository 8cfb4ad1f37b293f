/**
 * Owns how a node calls webhooks: which addresses it may reach, how a call is signed, bounded in time and size, and what its
 * answer means.
 *
 * <p>Calls go through Pekko HTTP's client, one connection each, because it lets us give the address to connect to while the
 * {@code Host} field, the server name of TLS and the check of the certificate stay with the name: the address that was checked
 * is the one that is connected, and a name that resolves differently a moment later leads nowhere. The JDK's client resolves
 * by itself. A connection of its own for each batch costs a handshake, and gives each call an end that we can bring about.
 */
@NullMarked
package io.millrace.node.webhook;

import org.jspecify.annotations.NullMarked;
