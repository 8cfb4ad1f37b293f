package io.millrace.node.cassandra;

import com.datastax.oss.driver.api.core.metadata.EndPoint;
import com.datastax.oss.driver.api.core.ssl.SslEngineFactory;
import io.millrace.node.tls.Tls;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import javax.net.ssl.SSLEngine;

/**
 * TLS for the driver. Its own factories keep for ever what they read once; and the JDK's check of names is part of ours, which
 * takes addresses that are in a certificate as they are, without asking the DNS for a name.
 */
final class TlsEngines implements SslEngineFactory {
    private final Tls tls;

    TlsEngines(Tls tls) {
        this.tls = tls;
    }

    @Override
    public SSLEngine newSslEngine(EndPoint endPoint) {
        SocketAddress address = endPoint.resolve();
        if (address instanceof InetSocketAddress found) {
            return tls.client(found.getHostString(), found.getPort());
        }
        throw new IllegalArgumentException("not an address that a certificate can name: " + address);
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
