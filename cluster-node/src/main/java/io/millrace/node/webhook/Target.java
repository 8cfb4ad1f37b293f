package io.millrace.node.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;

/**
 * Where a webhook is.
 *
 * @param isSecure whether it is https
 * @param host a name or an address, IPv6 without its brackets
 * @param path with the query
 */
record Target(boolean isSecure, String host, int port, String path) {
    private static final int MAX_URL = 2_000;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    /** @throws ForbiddenTargetException saying what is wrong */
    static Target parse(String url) {
        require(url.length() <= MAX_URL, "must have at most " + MAX_URL + " characters");
        URI uri = uri(url);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        require(scheme.equals("http") || scheme.equals("https"), "must begin with https:// or http://");
        require(
                uri.getRawUserInfo() == null
                        && !String.valueOf(uri.getRawAuthority()).contains("@"),
                "must not have a user or password in it");
        require(uri.getHost() != null, "must name a host");
        require(uri.getRawFragment() == null, "must not have a fragment");
        int port = uri.getPort() < 0 ? (scheme.equals("https") ? HTTPS : HTTP) : uri.getPort();
        require(port >= 1 && port <= 65_535, "must have a port from 1 to 65535");
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        Target target = new Target(
                scheme.equals("https"),
                host(uri.getHost()),
                port,
                uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
        target.requestUri();
        AddressRules.literal(target.host());
        return target;
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw new ForbiddenTargetException("must be a URL");
        }
    }

    private static String host(String host) {
        boolean isV6 = host.startsWith("[") && host.endsWith("]");
        return isV6 ? host.substring(1, host.length() - 1) : host.toLowerCase(Locale.ROOT);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new ForbiddenTargetException(otherwise);
        }
    }

    /** The host as it stands in a URL. */
    String authority() {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    /** What stands in the request's first line. */
    Uri requestUri() {
        try {
            return Uri.create(path);
        } catch (IllegalUriException e) {
            throw new ForbiddenTargetException("must be a URL");
        }
    }
}
