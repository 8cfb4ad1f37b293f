package io.millrace.node.settings;

import com.typesafe.config.Config;
import java.net.InetAddress;

/**
 * Refuses what others can reach and anybody can read or pretend to be: plain text away from this machine has to be asked for,
 * by a key that is there for nothing else.
 */
final class Exposure {
    private static final String CLUSTER_TLS = "millrace.cluster.tls.enabled";
    private static final String ELSEWHERE = "millrace.http.tls.terminated-elsewhere";

    private Exposure() {}

    /** @throws IllegalArgumentException that says what to do */
    static void check(NodeSettings settings, Config config) {
        String http = settings.http().host();
        if (!isLoopback(http) && settings.http().tls().isEmpty() && !config.getBoolean(ELSEWHERE)) {
            throw new IllegalArgumentException("millrace.http.host: others can reach " + http
                    + ", and everything would pass in plain text. Set millrace.http.tls.certificate and"
                    + " millrace.http.tls.key; or " + ELSEWHERE
                    + " = true, where a service mesh or an ingress sees to it");
        }
        String cluster = settings.cluster().host();
        if (!isLoopback(cluster) && settings.cluster().tls().isEmpty() && isUndecided(config)) {
            throw new IllegalArgumentException("millrace.cluster.host: others can reach " + cluster
                    + ", and anybody who does could join the cluster. Set millrace.cluster.tls.certificate,"
                    + " millrace.cluster.tls.key and millrace.cluster.tls.authorities; or " + CLUSTER_TLS
                    + " = false, where a network of their own keeps all others out");
        }
    }

    /** Whether nobody has said that the cluster has TLS or has none. */
    static boolean isUndecided(Config config) {
        return config.getString(CLUSTER_TLS).isEmpty();
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost")
                || Cidr.address(host.replaceAll("[\\[\\]]", ""))
                        .map(InetAddress::isLoopbackAddress)
                        .orElse(false);
    }
}
