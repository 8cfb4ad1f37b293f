package io.millrace.node.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * TLS between nodes, as Pekko is told of it: its own engine that reads the files again, with TLS 1.3 alone. Both ends must
 * show a certificate of the authority that shares a name (CN or SAN) with their own.
 */
final class Remoting {
    private static final String SSL = "pekko.remote.artery.ssl.";
    private static final String PROVIDER = "org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider";
    private static final String ENGINE = SSL + "rotating-keys-engine.";

    private Remoting() {}

    static Config secure(Config config, Optional<TlsFiles> tls) {
        Map<String, String> values = new HashMap<>();
        tls.ifPresent(files -> {
            values.put("pekko.remote.artery.transport", "tls-tcp");
            values.put(SSL + "ssl-engine-provider", PROVIDER);
            values.put(ENGINE + "cert-file", String.valueOf(files.certificate()));
            values.put(ENGINE + "key-file", String.valueOf(files.key()));
            values.put(ENGINE + "ca-cert-file", String.valueOf(files.authorities()));
        });
        return ConfigFactory.parseMap(values).withFallback(config);
    }
}
