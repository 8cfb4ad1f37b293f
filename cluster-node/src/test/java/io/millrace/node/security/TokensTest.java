package io.millrace.node.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.millrace.node.application.Caller;
import io.millrace.node.application.Scope;
import io.millrace.node.run.MovableClock;
import io.millrace.node.settings.SecuritySettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class TokensTest {
    private static final RSAKey RSA = rsa("rsa-1");
    private static final RSAKey STRANGER = rsa("rsa-1");
    private static final ECKey EC = ec("ec-1");

    @TempDir
    Path directory;

    private final MovableClock clock = new MovableClock(1_700_000_000_000L);
    private Path file;
    private Tokens tokens;

    private static RSAKey rsa(String kid) {
        try {
            return new RSAKeyGenerator(2048).keyID(kid).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static ECKey ec(String kid) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void trust() throws IOException {
        file = directory.resolve("jwks.json");
        write(new JWKSet(List.of(RSA.toPublicJWK(), EC.toPublicJWK())), 1);
        tokens = new Tokens(settings("RS256", "ES256"), clock, clock::millis);
    }

    private void write(JWKSet set, long second) throws IOException {
        Files.writeString(file, set.toString(false));
        Files.setLastModifiedTime(file, FileTime.fromMillis(second * 1_000));
    }

    private SecuritySettings.Tokens settings(String... algorithms) {
        return new SecuritySettings.Tokens(file, "https://issuer.example", "millrace", List.of(algorithms));
    }

    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("https://issuer.example")
                .audience(List.of("others", "millrace"))
                .subject("shop-service")
                .expirationTime(date(clock.millis() + 300_000))
                .claim("millrace", List.of("read:orders-*", "write:orders"));
    }

    private static String sign(JWSHeader header, JWSSigner signer, JWTClaimsSet claims) {
        try {
            SignedJWT token = new SignedJWT(header, claims);
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static JWSHeader.Builder rs256() {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1").type(JOSEObjectType.JWT);
    }

    private static String signed(JWTClaimsSet claims) {
        try {
            return sign(rs256().build(), new RSASSASigner(RSA), claims);
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private Optional<Caller> with(UnaryOperator<JWTClaimsSet.Builder> change) {
        return tokens.caller(signed(change.apply(claims()).build()));
    }

    @Test
    void aTokenOfTheIssuerHasItsSubjectAndGrants() throws JOSEException {
        for (String token : List.of(
                signed(claims().build()),
                sign(
                        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec-1").build(),
                        new ECDSASigner(EC),
                        claims().build()))) {
            assertThat(tokens.caller(token)).hasValueSatisfying(caller -> {
                assertThat(caller.kind()).isEqualTo(Caller.Kind.TOKEN);
                assertThat(caller.id()).isEqualTo("token:shop-service");
                assertThat(caller.rights().allow(Scope.READ, "orders-eu")).isTrue();
                assertThat(caller.rights().allow(Scope.READ, "orders")).isFalse();
            });
        }
    }

    @Test
    void grantsStandInScopeTooAmongWordsThatAreNone() {
        assertThat(with(claims -> claims.claim("millrace", null).claim("scope", "openid run:price  email read:a*")))
                .hasValueSatisfying(caller ->
                        assertThat(caller.rights().grants().toString()).isEqualTo("[run:price, read:a*]"));
        assertThat(with(claims -> claims.claim("millrace", List.of("nonsense"))))
                .isEmpty();
        assertThat(with(claims -> claims.claim("millrace", "read:*"))).isEmpty();
        assertThat(with(claims -> claims.claim("millrace", null)))
                .hasValueSatisfying(
                        caller -> assertThat(caller.rights().grants()).isEmpty());
    }

    @Test
    void theIdOfACallerIsSafeToLog() {
        assertThat(with(claims -> claims.subject("a\r\nb \u001bü" + "x".repeat(1_000))))
                .hasValueSatisfying(caller -> assertThat(caller.id()).matches("token:a\\?\\?b\\?\\?\\?x{93}"));
    }

    @Test
    void noneIsNoAlgorithm() {
        String plain = new PlainJWT(claims().build()).serialize();
        String header = base64("{\"alg\":\"none\",\"kid\":\"rsa-1\"}");
        String payload = signed(claims().build()).split("\\.")[1];

        assertThat(tokens.caller(plain)).isEmpty();
        assertThat(tokens.caller(header + "." + payload + ".")).isEmpty();
        assertThat(tokens.caller(base64("{\"alg\":\"None\",\"kid\":\"rsa-1\"}") + "." + payload + "."))
                .isEmpty();
        assertThat(tokens.caller(
                        header + "." + payload + "." + signed(claims().build()).split("\\.")[2]))
                .isEmpty();
    }

    @Test
    void aPublicKeyIsNoSecretOfAnHmac() throws JOSEException {
        byte[] asPem = RSA.toRSAPublicKey().getEncoded();
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1").build();
        for (byte[] secret : List.of(
                asPem,
                ("-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(asPem)
                                + "\n-----END PUBLIC KEY-----\n")
                        .getBytes(StandardCharsets.US_ASCII),
                RSA.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8))) {
            assertThat(tokens.caller(sign(header, new MACSigner(secret), claims().build())))
                    .isEmpty();
        }
        assertThatThrownBy(() -> settings("HS256")).hasMessageContaining("millrace.security.jwt.algorithms");
        assertThatThrownBy(() -> settings("none")).hasMessageContaining("millrace.security.jwt.algorithms");
    }

    @Test
    void anAlgorithmThatIsNotNamedIsNotTakenThoughTheKeyCouldDoIt() throws JOSEException {
        String ps256 = sign(
                new JWSHeader.Builder(JWSAlgorithm.PS256).keyID("rsa-1").build(),
                new RSASSASigner(RSA),
                claims().build());
        String ofTheOtherKey = sign(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("ec-1").build(),
                new RSASSASigner(RSA),
                claims().build());

        assertThat(tokens.caller(ps256)).isEmpty();
        assertThat(tokens.caller(ofTheOtherKey)).isEmpty();
        assertThat(new Tokens(settings("ES256"), clock, clock::millis).caller(signed(claims().build())))
                .isEmpty();
    }

    @Test
    void whatIsForOthersOrOfOthersIsNotTaken() {
        assertThat(with(claims -> claims.issuer("https://issuer.example/"))).isEmpty();
        assertThat(with(claims -> claims.issuer(null))).isEmpty();
        assertThat(with(claims -> claims.audience("others"))).isEmpty();
        assertThat(with(claims -> claims.audience((String) null))).isEmpty();
        assertThat(with(claims -> claims.subject(null))).isEmpty();
    }

    @Test
    void aTokenIsTakenFromItsBeginningToItsEndAndAMinuteOfClocksThatDiffer() {
        long now = clock.millis();
        assertThat(with(claims -> claims.expirationTime(null))).isEmpty();
        assertThat(with(claims -> claims.expirationTime(date(now - 59_000)))).isPresent();
        assertThat(with(claims -> claims.expirationTime(date(now - 60_000)))).isEmpty();
        assertThat(with(claims -> claims.notBeforeTime(date(now + 60_000)))).isPresent();
        assertThat(with(claims -> claims.notBeforeTime(date(now + 61_000)))).isEmpty();
    }

    @Test
    void aTokenThatWasGoodEndsAllTheSame() {
        String token = signed(claims().build());
        assertThat(tokens.caller(token)).isPresent();

        clock.plus(360_000);

        assertThat(tokens.caller(token)).isEmpty();
    }

    @Test
    void aStrangersSignatureAndAnUnknownKeyAreNotTaken() throws JOSEException {
        assertThat(tokens.caller(sign(rs256().build(), new RSASSASigner(STRANGER), claims().build())))
                .isEmpty();
        assertThat(tokens.caller(sign(rs256().keyID("rsa-2").build(), new RSASSASigner(RSA), claims().build())))
                .isEmpty();
        assertThat(tokens.caller(sign(rs256().keyID(null).build(), new RSASSASigner(RSA), claims().build())))
                .isEmpty();
        // A key that the token brings along, or says where to find.
        assertThat(tokens.caller(sign(
                        rs256().keyID(null).jwk(STRANGER.toPublicJWK()).build(),
                        new RSASSASigner(STRANGER),
                        claims().build())))
                .isEmpty();
    }

    @Test
    void extensionsAndOtherKindsOfTokensAreNotTaken() throws JOSEException {
        assertThat(tokens.caller(sign(
                        rs256().criticalParams(Set.of("exp"))
                                .customParam("exp", 1)
                                .build(),
                        new RSASSASigner(RSA),
                        claims().build())))
                .isEmpty();
        assertThat(tokens.caller(sign(
                        rs256().type(new JOSEObjectType("secevent+jwt")).build(),
                        new RSASSASigner(RSA),
                        claims().build())))
                .isEmpty();
    }

    @Test
    void whatIsTooLongOrNoTokenAtAllIsNotTaken() {
        assertThat(with(claims -> claims.claim("more", "x".repeat(8_192)))).isEmpty();
        String good = signed(claims().build());
        for (String wrong :
                List.of("", ".", "..", "a.b.c", good + "x", good.substring(1), good + ".x", "\u0000" + good)) {
            assertThat(tokens.caller(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void aKeyThatLeavesTheFileTakesItsTokensAlongAndANewOneBringsItsOwn() throws Exception {
        String token = signed(claims().build());
        assertThat(tokens.caller(token)).isPresent();
        RSAKey young = rsa("rsa-2");

        write(new JWKSet(List.of(young.toPublicJWK())), 2);
        clock.plus(1_000);

        assertThat(tokens.caller(token)).isEmpty();
        assertThat(tokens.caller(sign(rs256().keyID("rsa-2").build(), new RSASSASigner(young), claims().build())))
                .isPresent();
    }

    @Test
    void aFileThatBreaksLeavesTheKeysOfBeforeInForce() throws Exception {
        String token = signed(claims().build());
        for (int broken = 0; broken < 3; broken++) {
            switch (broken) {
                case 0 -> Files.writeString(file, "{\"keys\": [");
                case 1 -> write(new JWKSet(RSA), 3);
                default -> Files.delete(file);
            }
            clock.plus(1_000);

            assertThat(tokens.caller(token)).isPresent();
            assertThat(tokens.caller(signed(claims().subject("x" + broken).build())))
                    .isPresent();
        }
    }

    @Test
    void secretKeysHaveNoPlaceInTheFile() throws Exception {
        OctetSequenceKey symmetric =
                new OctetSequenceKeyGenerator(256).keyID("s").generate();
        for (JWKSet set : List.of(new JWKSet(RSA), new JWKSet(symmetric))) {
            write(set, 4);
            assertThatThrownBy(() -> new Tokens(settings("RS256"), clock, clock::millis))
                    .hasMessageContaining("private or symmetric");
        }
    }

    private static Date date(long millis) {
        return Date.from(Instant.ofEpochMilli(millis));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
