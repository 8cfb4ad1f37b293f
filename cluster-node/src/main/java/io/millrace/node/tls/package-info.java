/**
 * Owns certificates and keys: reads them from PEM files, makes TLS of them, and reads them again when they change. All but the
 * remoting of the cluster takes its TLS from here; that one has Pekko's own, which does the same.
 */
@NullMarked
package io.millrace.node.tls;

import org.jspecify.annotations.NullMarked;
