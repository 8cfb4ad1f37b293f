package io.millrace.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.millrace.node.Commands;
import io.millrace.node.LogLines;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Keys and tokens at two nodes on a real Cassandra, from the first key of an empty bus on. */
class KeysIT {
    /** What the issue promises. */
    private static final Duration REVOKED_WITHIN = Duration.ofSeconds(5);

    private static LogLines log;
    private static ECKey issuer;
    private static TestCluster cluster;
    private static Path settings;
    private static String admin;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        log = new LogLines();
        level("io.millrace", Level.TRACE);
        level("millrace", Level.TRACE);
        level("org.apache.pekko.http", Level.DEBUG);
        issuer = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        Path jwks = directory.resolve("jwks.json");
        Files.writeString(jwks, new JWKSet(issuer.toPublicJWK()).toString());
        cluster = new TestCluster(
                2,
                Map.of(
                        "millrace.security.mode", "keys",
                        "millrace.security.jwt.jwks-file", jwks.toString(),
                        "millrace.security.jwt.issuer", "https://issuer.example",
                        "millrace.security.jwt.audience", "millrace",
                        "millrace.security.jwt.algorithms", List.of("ES256"),
                        "pekko.loglevel", "DEBUG"));
        settings = directory.resolve("node.conf");
        Files.writeString(settings, cluster.file());
        assertThat(Commands.run("schema", "--config", settings.toString()).code())
                .isZero();
        admin = create("--name", "ops", "--grant", "admin:*");
        cluster.authorize(admin);
        cluster.start(1, 2);
    }

    @AfterAll
    static void stop() {
        cluster.close();
        log.close();
        List.of("io.millrace", "millrace", "org.apache.pekko.http").forEach(name -> level(name, null));
    }

    private static void level(String logger, Level level) {
        ((Logger) LoggerFactory.getLogger(logger)).setLevel(level);
    }

    /** By the command; its standard output is the key and nothing else. */
    private static String create(String... options) throws Exception {
        String[] arguments = new String[options.length + 4];
        arguments[0] = "keys";
        arguments[1] = "create";
        arguments[2] = "--config";
        arguments[3] = settings.toString();
        System.arraycopy(options, 0, arguments, 4, options.length);
        Commands.Result result = Commands.run(arguments);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).matches("mr_[0-9a-f]{16}_[0-9a-f]{64}\\R");
        return result.out().strip();
    }

    private static String id(String key) {
        return key.split("_")[1];
    }

    private static HttpResponse<String> as(String key, int node, String method, String target, String body) {
        return cluster.send(node, method, target, body, "Authorization", "Bearer " + key);
    }

    @Test
    void aKeyWorksAtAllNodesAtOnceAndIsRefusedByAllWithinFiveSecondsOfItsRevocation() throws Exception {
        HttpResponse<String> made =
                as(admin, 1, "POST", "/v1/keys", "{\"name\":\"shop\",\"grants\":[\"write:orders\",\"read:orders*\"]}");
        assertThat(made.statusCode()).isEqualTo(201);
        String key = TestCluster.json(made).get("secret").asText();

        for (int node : List.of(2, 1)) {
            assertThat(as(key, node, "POST", "/v1/queues/orders/events", "{\"payload\":1}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(as(key, node, "GET", "/v1/queues/orders/events", null).statusCode())
                    .isEqualTo(200);
            assertThat(as(key, node, "POST", "/v1/queues/payroll/events", "{\"payload\":1}")
                            .statusCode())
                    .isEqualTo(403);
        }
        CompletableFuture<Duration> stream = follow(2, key);

        long revokedAt = System.nanoTime();
        assertThat(as(admin, 1, "DELETE", "/v1/keys/" + id(key), null).statusCode())
                .isEqualTo(200);
        for (int node : List.of(1, 2)) {
            Awaitility.await()
                    .atMost(REVOKED_WITHIN)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> as(key, node, "GET", "/v1/queues/orders/events", null)
                                    .statusCode()
                            == 401);
        }
        // A stream that began before gets nothing more.
        assertThat(as(admin, 1, "POST", "/v1/queues/orders/events", "{\"payload\":\"late\"}")
                        .statusCode())
                .isEqualTo(200);
        stream.get(20, TimeUnit.SECONDS);
        System.out.println("all is over " + Duration.ofNanos(System.nanoTime() - revokedAt) + " after the revocation");
    }

    /** Done when an event stream has ended; fails if it gave what came too late. */
    private static CompletableFuture<Duration> follow(int node, String key) {
        HttpRequest request = HttpRequest.newBuilder(cluster.uri(node, "/v1/queues/orders/events"))
                .headers("Authorization", "Bearer " + key, "Accept", "text/event-stream")
                .build();
        long began = System.nanoTime();
        return HttpClient.newHttpClient()
                .sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
                .thenApplyAsync(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(200);
                    assertThat(text(answer.body())).contains("\"payload\":1").doesNotContain("late");
                    return Duration.ofNanos(System.nanoTime() - began);
                });
    }

    private static String text(InputStream in) {
        StringBuilder text = new StringBuilder();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            lines.lines().forEach(line -> text.append(line).append('\n'));
        } catch (java.io.IOException | java.io.UncheckedIOException cut) {
            // The node ends it in the middle: that is how a stream without end ends.
        }
        return text.toString();
    }

    @Test
    void aKeyIsReplacedWithoutAGap() throws Exception {
        String old = create("--name", "rotating", "--grant", "read:rotating,write:rotating");
        String young = create("--name", "rotating", "--grant", "read:rotating", "--grant", "write:rotating");
        Commands.Result third = Commands.run(
                "keys", "create", "--config", settings.toString(), "--name", "rotating", "--grant", "read:x");

        assertThat(third.code()).isEqualTo(1);
        assertThat(third.err())
                .contains(id(old), id(young), "two keys of this name are valid")
                .hasLineCount(1);
        assertThat(third.out()).isEmpty();
        assertThat(List.of(old, young))
                .allSatisfy(key -> assertThat(as(key, 1, "POST", "/v1/queues/rotating/events", "{\"payload\":1}")
                                .statusCode())
                        .isEqualTo(200));

        Commands.Result revoked = Commands.run("keys", "revoke", "--config", settings.toString(), id(old));
        assertThat(revoked.code()).isZero();

        Awaitility.await()
                .atMost(REVOKED_WITHIN)
                .until(() -> as(old, 2, "GET", "/v1/queues/rotating", null).statusCode() == 401);
        assertThat(as(young, 2, "GET", "/v1/queues/rotating", null).statusCode())
                .isEqualTo(200);
        Commands.Result list = Commands.run("keys", "list", "--config", settings.toString());
        assertThat(list.out()
                        .lines()
                        .filter(line -> line.contains("  rotating  "))
                        .toList())
                .hasSize(2)
                .anyMatch(line -> line.startsWith(id(old)) && line.contains("  revoked "))
                .anyMatch(line -> line.startsWith(id(young)) && line.contains("  until "));
        assertThat(list.out()).doesNotContain(young, old);
    }

    @Test
    void whatIsSomebodyElsesAnswersByteForByteAsWhatIsNot() throws Exception {
        String key = create("--name", "narrow", "--grant", "admin:narrow-*");
        assertThat(as(admin, 1, "PUT", "/v1/queues/there", "{}").statusCode()).isEqualTo(201);
        assertThat(as(admin, 1, "PUT", "/v1/bots/there", "{\"handler\":{\"type\":\"worker\"}}")
                        .statusCode())
                .isEqualTo(201);

        for (String path : List.of(
                "GET /v1/queues/%s",
                "GET /v1/queues/%s/events",
                "POST /v1/queues/%s/events",
                "PUT /v1/queues/%s",
                "DELETE /v1/queues/%s",
                "GET /v1/bots/%s",
                "GET /v1/bots/%s/explain",
                "POST /v1/bots/%s/pause",
                "DELETE /v1/bots/%s",
                "GET /v1/replays/1-%s")) {
            String[] parts = path.split(" ");
            HttpResponse<String> foreign = as(key, 1, parts[0], parts[1].formatted("there"), null);
            HttpResponse<String> absent = as(key, 1, parts[0], parts[1].formatted("nowhere"), null);

            assertThat(foreign.statusCode()).as(path).isEqualTo(403).isEqualTo(absent.statusCode());
            assertThat(foreign.body()).isEqualTo(absent.body());
        }
        assertThat(as(key, 1, "PUT", "/v1/queues/narrow-1", "{}").statusCode()).isEqualTo(201);
        assertThat(TestCluster.json(as(key, 1, "GET", "/v1/queues", null))
                        .get("queues")
                        .findValuesAsText("queue"))
                .containsExactly("narrow-1");
        assertThat(as(key, 1, "GET", "/v1/bots?prefix=the", null).body()).isEqualTo("{\"bots\":[]}");
        assertThat(as(key, 1, "GET", "/metrics", null).statusCode()).isEqualTo(403);
        assertThat(as(admin, 1, "GET", "/metrics", null).statusCode()).isEqualTo(200);
    }

    @Test
    void aHandlerWritesNothingThatItsBotIsNotRegisteredToWrite() throws Exception {
        String bot = "{\"handler\":{\"type\":\"java\",\"class\":\"io.millrace.node.run.Copying\","
                + "\"settings\":{\"to\":\"team-payroll\"}},\"triggers\":[\"team-in\"]%s}";
        String key =
                create("--name", "team", "--grant", "admin:team-bot,read:team-in,write:team-in,write:team-payroll");
        assertThat(as(key, 1, "PUT", "/v1/bots/team-bot", bot.formatted("")).statusCode())
                .isEqualTo(201);
        assertThat(as(key, 1, "POST", "/v1/queues/team-in/events", "{\"payload\":7}")
                        .statusCode())
                .isEqualTo(200);

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> as(key, 1, "GET", "/v1/bots/team-bot/runs", null)
                        .body()
                        .contains("isn't registered to write queue team-payroll"));
        assertThat(as(admin, 1, "GET", "/v1/queues/team-payroll/events", null).body())
                .isEmpty();

        assertThat(as(key, 1, "PUT", "/v1/bots/team-bot", bot.formatted(",\"writes\":[\"team-payroll\"]"))
                        .statusCode())
                .isEqualTo(200);
        as(key, 1, "POST", "/v1/bots/team-bot/resume", null);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> as(admin, 1, "GET", "/v1/queues/team-payroll/events", null)
                        .body()
                        .contains("\"payload\":7"));
    }

    @Test
    void tokensOfTheIssuerAreTakenAndNoSecretGetsIntoALog() throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(),
                new JWTClaimsSet.Builder()
                        .issuer("https://issuer.example")
                        .audience("millrace")
                        .subject("service")
                        .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                        .claim("scope", "openid write:logged read:logged run:logged-bot admin:logged-bot")
                        .build());
        token.sign(new ECDSASigner(issuer));
        String jwt = token.serialize();
        String key = create("--name", "logged", "--grant", "read:logged");
        String bad = key.substring(0, key.length() - 8) + "00000000";
        String stranger = jwt.substring(0, jwt.length() - 8) + "AAAAAAAA";

        assertThat(as(jwt, 2, "POST", "/v1/queues/logged/events", "{\"payload\":1}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(as(
                                jwt,
                                2,
                                "PUT",
                                "/v1/bots/logged-bot",
                                "{\"handler\":{\"type\":\"worker\"},\"triggers\":[\"logged\"]}")
                        .statusCode())
                .isEqualTo(201);
        HttpResponse<String> run = as(jwt, 1, "POST", "/v1/bots/logged-bot/runs?wait=20", "{\"worker\":\"w\"}");
        assertThat(run.statusCode()).isEqualTo(201);
        assertThat(as(key, 1, "GET", "/v1/queues/logged/events", null).statusCode())
                .isEqualTo(200);
        assertThat(as(key, 1, "DELETE", "/v1/queues/logged", null).statusCode()).isEqualTo(403);
        assertThat(as(bad, 1, "GET", "/v1/queues/logged", null).statusCode()).isEqualTo(401);
        assertThat(as(stranger, 1, "GET", "/v1/queues/logged", null).statusCode())
                .isEqualTo(401);
        assertThat(cluster.send(1, "GET", "/v1/queues/logged", null, "Authorization", "Basic " + key)
                        .statusCode())
                .isEqualTo(401);
        HttpResponse<String> made =
                as(admin, 1, "POST", "/v1/keys", "{\"name\":\"made\",\"grants\":[\"read:logged\"]}");
        String secret = TestCluster.json(made).get("secret").asText();
        String shared = "whsec_"
                + Base64.getEncoder()
                        .encodeToString("what is shared with the webhook".getBytes(StandardCharsets.UTF_8));
        assertThat(as(
                                admin,
                                1,
                                "PUT",
                                "/v1/bots/hooked",
                                "{\"handler\":{\"type\":\"webhook\",\"url\":\"https://hooks.invalid/\",\"secret\":\""
                                        + shared + "\"},\"triggers\":[\"logged\"]}")
                        .statusCode())
                .isEqualTo(201);
        Awaitility.await("a call that isn't let through")
                .atMost(Duration.ofSeconds(20))
                .until(() -> log.lines().stream().anyMatch(line -> line.contains("of bot hooked failed")));

        assertThat(log.lines())
                .anyMatch(line -> line.startsWith("caller=\"token:service\" action=\"PUT /v1/bots/{bot}\""
                        + " target=\"logged-bot\" result=201 remote=\"127.0.0."));
        assertThat(log.lines())
                .anyMatch(line -> line.contains("caller=\"key:logged:" + id(key)) && line.contains("result=403"));
        assertThat(log.lines()).anyMatch(line -> line.contains("a token was refused: the signature"));
        for (String hidden : List.of(
                admin,
                key,
                key.substring(20),
                secret.substring(20),
                bad,
                jwt,
                jwt.split("\\.")[2],
                stranger.split("\\.")[2],
                jwt.split("\\.")[1],
                shared.substring(6),
                TestCluster.json(run).get("token").asText())) {
            assertThat(log.lines()).noneMatch(line -> line.contains(hidden));
        }
    }
}
