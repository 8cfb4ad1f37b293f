package io.millrace.node.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a node serves HTTP.
 *
 * @param host the address to listen at
 * @param port 0 to 65535; 0 takes a free one
 * @param appendBytes bytes of appends in work on this node at once, as received plus decoded; one more append is refused
 *     with 429 then. At least one largest request: 35 MiB
 * @param reads reads under way on this node at once, followers included; one more is refused with 429
 * @param readWait the longest {@code wait} of a read or of a worker's request for a run, at most 60 s
 * @param bodyTimeout how long a request's body may take to arrive, in all
 * @param appendPatience how long the oldest append of a queue may be in work while 64 and more wait behind it; one more is
 *     refused with 429 then
 * @param keepAlive after how much silence an event stream says that it lives; so also how soon a client that left is noticed
 * @param connections how many there may be, and how fast they must go
 * @param limits what callers may have
 * @param tls empty for plain HTTP
 */
public record HttpSettings(
        String host,
        int port,
        long appendBytes,
        int reads,
        Duration readWait,
        Duration bodyTimeout,
        Duration keepAlive,
        Duration appendPatience,
        Connections connections,
        Limits limits,
        Optional<Tls> tls) {

    /** Room for three largest requests, or for thousands of ordinary ones. */
    public static final long DEFAULT_APPEND_BYTES = 64L << 20;

    /** A reader costs a few blocks of memory while its client is slow: about 1 MiB each. */
    public static final int DEFAULT_READS = 500;

    /** As long as most proxies let a silent connection stand. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /** 16 MiB at 5 Mbit/s. */
    public static final Duration DEFAULT_BODY_TIMEOUT = Duration.ofSeconds(30);

    /** Below the idle time-outs of proxies. */
    public static final Duration DEFAULT_KEEP_ALIVE = Duration.ofSeconds(15);

    /** Longer than an append waits for its predecessors (5 s), shorter than clients wait for an answer. */
    public static final Duration DEFAULT_APPEND_PATIENCE = Duration.ofSeconds(6);

    private static final long LEAST_APPEND_BYTES = 35L << 20;

    /** @throws IllegalArgumentException with the key at fault */
    public HttpSettings {
        check(!host.isBlank(), "http.host: must not be empty");
        check(port >= 0 && port <= 65_535, "http.port: must be 0 to 65535");
        check(appendBytes >= LEAST_APPEND_BYTES, "http.append-bytes: must be at least 35 MiB, one largest request");
        check(reads >= 1 && reads <= 100_000, "http.reads: must be 1 to 100000");
        check(
                !readWait.isNegative() && readWait.compareTo(LONGEST_WAIT) <= 0,
                "http.read-wait: must be 0 to 60 seconds");
        check(
                bodyTimeout.compareTo(Duration.ZERO) > 0 && bodyTimeout.compareTo(LONGEST_WAIT) <= 0,
                "http.body-timeout: must be more than 0 and at most 60 seconds");
        check(
                keepAlive.compareTo(Duration.ZERO) > 0 && keepAlive.compareTo(LONGEST_WAIT) <= 0,
                "http.keep-alive: must be more than 0 and at most 60 seconds");
        check(
                appendPatience.compareTo(Duration.ZERO) > 0 && appendPatience.compareTo(LONGEST_WAIT) <= 0,
                "http.append-patience: must be more than 0 and at most 60 seconds");
    }

    /** As the longest form, with {@link #DEFAULT_APPEND_PATIENCE}, {@link Connections#DEFAULT} and without TLS. */
    public HttpSettings(
            String host,
            int port,
            long appendBytes,
            int reads,
            Duration readWait,
            Duration bodyTimeout,
            Duration keepAlive) {
        this(
                host,
                port,
                appendBytes,
                reads,
                readWait,
                bodyTimeout,
                keepAlive,
                DEFAULT_APPEND_PATIENCE,
                Connections.DEFAULT,
                Limits.NONE,
                Optional.empty());
    }

    /** As the longer form, with {@link #DEFAULT_KEEP_ALIVE}. */
    public HttpSettings(String host, int port, long appendBytes, int reads, Duration readWait, Duration bodyTimeout) {
        this(host, port, appendBytes, reads, readWait, bodyTimeout, DEFAULT_KEEP_ALIVE);
    }

    /** The defaults at an address. */
    public static HttpSettings at(String host, int port) {
        return new HttpSettings(
                host,
                port,
                DEFAULT_APPEND_BYTES,
                DEFAULT_READS,
                LONGEST_WAIT,
                DEFAULT_BODY_TIMEOUT,
                DEFAULT_KEEP_ALIVE);
    }

    /**
     * Where others reach it, {@code host:port}; empty when the operating system chooses the port.
     *
     * @param nodeHost the node's own address, for a server that listens at all of the machine's
     */
    public Optional<String> advertised(String nodeHost) {
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
        return port == 0 ? Optional.empty() : Optional.of((everywhere ? nodeHost : host) + ":" + port);
    }

    /** The same with other limits of connections. */
    public HttpSettings with(Connections others) {
        return new HttpSettings(
                host, port, appendBytes, reads, readWait, bodyTimeout, keepAlive, appendPatience, others, limits, tls);
    }

    /** The same with other limits of callers. */
    public HttpSettings with(Limits others) {
        return new HttpSettings(
                host,
                port,
                appendBytes,
                reads,
                readWait,
                bodyTimeout,
                keepAlive,
                appendPatience,
                connections,
                others,
                tls);
    }

    /** {@return what a URL of it begins with} */
    public String scheme() {
        return tls.isPresent() ? "https" : "http";
    }

    /**
     * How many connections there may be, and how fast they must go. A request's body has {@code bodyTimeout} besides.
     *
     * @param most one more is closed at once
     * @param head how long a request's head may take to arrive, in all; also the first one of a connection, with the handshake
     *     of TLS
     * @param idle how long a connection may rest between an answer and the next request
     * @param stall how long a body may stop, and how long a client may not take what is sent
     * @param leastRate bytes a second, on average, that a body must arrive at and an answer be taken at, once {@code stall} is
     *     over
     */
    public record Connections(int most, Duration head, Duration idle, Duration stall, long leastRate) {
        /** A connection costs about 30 KB and a file. Idle longer than those of most clients and proxies, which so close first. */
        public static final Connections DEFAULT = new Connections(
                4_096, Duration.ofSeconds(10), Duration.ofSeconds(75), Duration.ofSeconds(10), 16 << 10);

        /** @throws IllegalArgumentException with the key at fault */
        public Connections {
            Require.between("millrace.http.connections", most, 1, 1_000_000);
            Require.positive("millrace.http.head-timeout", head);
            Require.positive("millrace.http.idle-timeout", idle);
            Require.positive("millrace.http.stall-timeout", stall);
            Require.between("millrace.http.least-rate", leastRate, 1, Integer.MAX_VALUE);
        }
    }

    /**
     * What callers may have of this node, each, and of the bus, all together. 0 is no limit.
     *
     * @param requestsPerSecond of each caller
     * @param bytesPerSecond of each caller, in both directions
     * @param burst how long it takes to save up the most that may be used at once
     * @param reads under way at once, of each caller
     * @param queues that there may be
     * @param bots that there may be
     */
    public record Limits(long requestsPerSecond, long bytesPerSecond, Duration burst, int reads, int queues, int bots) {
        /** Nobody is refused anything. */
        public static final Limits NONE = new Limits(0, 0, Duration.ofSeconds(10), 0, 0, 0);

        /** @throws IllegalArgumentException with the key at fault */
        public Limits {
            Require.between("millrace.http.limits.requests-per-second", requestsPerSecond, 0, Integer.MAX_VALUE);
            Require.between("millrace.http.limits.bytes-per-second", bytesPerSecond, 0, 1L << 50);
            Require.between("millrace.http.limits.burst", burst.toSeconds(), 1, 3_600);
            Require.between("millrace.http.limits.reads", reads, 0, 100_000);
            Require.between("millrace.http.limits.queues", queues, 0, Integer.MAX_VALUE);
            Require.between("millrace.http.limits.bots", bots, 0, Integer.MAX_VALUE);
        }
    }

    /**
     * TLS of the server.
     *
     * @param files its certificate and key
     * @param protocols TLSv1.3, TLSv1.2 or both
     */
    public record Tls(TlsFiles files, List<String> protocols) {
        /** @throws IllegalArgumentException with the key at fault */
        public Tls {
            protocols = List.copyOf(protocols);
            if (files.certificate() == null) {
                throw new IllegalArgumentException("millrace.http.tls.certificate is needed");
            }
            if (protocols.isEmpty() || !List.of("TLSv1.3", "TLSv1.2").containsAll(protocols)) {
                throw new IllegalArgumentException("millrace.http.tls.protocols takes TLSv1.3 and TLSv1.2");
            }
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
