package io.millrace.node.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.millrace.node.application.Caller;
import io.millrace.node.application.Grant;
import io.millrace.node.application.Rights;
import io.millrace.node.application.Ticker;
import io.millrace.node.settings.SecuritySettings;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows callers by tokens (JWT) of the one issuer that the settings name. What a token says about how it is to be checked is only
 * held against what the settings and the issuer's keys say: the algorithm must be one of theirs and fit the key, which is found
 * by {@code kid} alone. There is no key in memory that a symmetric algorithm could take.
 */
final class Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

    /** How far the issuer's clock may be off. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    private static final int LONGEST = 8 << 10;

    /** What a check costs (up to 0.3 ms) isn't paid for each request; a key of the issuer that goes takes these along. */
    private static final int REMEMBERED = 10_000;

    private static final Duration MEMORY = Duration.ofMinutes(1);
    private static final int LONGEST_SUBJECT = 100;
    /** What parses tokens is more forgiving. */
    private static final Pattern SYNTAX = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private static final Set<String> TYPES = Set.of("JWT", "at+jwt");

    private final SecuritySettings.Tokens settings;
    private final Set<JWSAlgorithm> algorithms;
    private final TrustedKeys keys;
    private final Clock clock;
    private final Cache<String, Known> known;

    private record Known(Caller caller, Instant expires, int reading) {}

    /** @throws IllegalArgumentException if the issuer's keys can't be read */
    Tokens(SecuritySettings.Tokens settings, Clock clock, Ticker ticker) {
        this.settings = settings;
        this.algorithms =
                settings.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet());
        this.keys = new TrustedKeys(settings.jwks(), ticker);
        this.clock = clock;
        this.known = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterWrite(MEMORY)
                .build();
    }

    /** Whom a token proves, if it is good now; anything may be given. */
    Optional<Caller> caller(String token) {
        if (token.length() > LONGEST || !SYNTAX.matcher(token).matches()) {
            return Optional.empty();
        }
        String digest = digest(token);
        Known before = known.getIfPresent(digest);
        if (before != null && before.reading() == keys.reading()) {
            return clock.instant().isBefore(before.expires()) ? Optional.of(before.caller()) : Optional.empty();
        }
        try {
            int reading = keys.reading();
            Known checked = check(SignedJWT.parse(token), reading);
            known.put(digest, checked);
            return Optional.of(checked.caller());
        } catch (Refused refused) {
            LOG.debug("a token was refused: {}", refused.getMessage());
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            // Their messages may quote the token.
            LOG.debug("a token was refused: it can't be read, or not be checked");
        }
        return Optional.empty();
    }

    private Known check(SignedJWT token, int reading) throws ParseException, JOSEException, Refused {
        checkSignature(token);
        JWTClaimsSet claims = token.getJWTClaimsSet();
        Instant now = clock.instant();
        require(settings.issuer().equals(claims.getIssuer()), "another issuer");
        require(claims.getAudience().contains(settings.audience()), "another audience");
        Date expires = claims.getExpirationTime();
        require(expires != null, "no exp");
        Instant end = expires == null ? now : expires.toInstant().plus(SKEW);
        require(now.isBefore(end), "expired");
        Date begins = claims.getNotBeforeTime();
        require(begins == null || !now.isBefore(begins.toInstant().minus(SKEW)), "not valid yet");
        String subject = claims.getSubject();
        require(subject != null && !subject.isBlank(), "no sub");
        String id = "token:" + printable(String.valueOf(subject));
        return new Known(new Caller(id, id, Caller.Kind.TOKEN, rights(claims)), end, reading);
    }

    private void checkSignature(SignedJWT token) throws JOSEException, Refused {
        JWSHeader header = token.getHeader();
        JWSAlgorithm algorithm = header.getAlgorithm();
        require(algorithms.contains(algorithm), "an algorithm that isn't taken");
        require(header.getType() == null || TYPES.contains(header.getType().getType()), "another type of token");
        require(header.getCriticalParams() == null && header.isBase64URLEncodePayload(), "an extension");
        JWK key = header.getKeyID() == null ? null : keys.find(header.getKeyID());
        require(key != null, "no kid, or of a key that isn't known");
        JWSVerifier verifier = key == null ? null : verifier(key, algorithm);
        require(verifier != null, "an algorithm that isn't its key's");
        require(verifier != null && token.verify(verifier), "the signature");
    }

    /** Null where the key isn't one for signatures of that kind. */
    private static @Nullable JWSVerifier verifier(JWK key, JWSAlgorithm algorithm) throws JOSEException {
        boolean fits = (key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm))
                && (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE));
        JWSVerifier verifier = key instanceof RSAKey rsa
                ? new RSASSAVerifier(rsa)
                : key instanceof ECKey ec ? new ECDSAVerifier(ec) : null;
        return fits && verifier != null && verifier.supportedJWSAlgorithms().contains(algorithm) ? verifier : null;
    }

    /** In {@code scope} others have their words too; {@code millrace} is ours alone. */
    private static Rights rights(JWTClaimsSet claims) throws ParseException {
        List<Grant> grants = new ArrayList<>();
        List<String> own = claims.getStringListClaim("millrace");
        if (own != null) {
            own.forEach(text -> grants.add(Grant.parse(text)));
        }
        String scope = claims.getStringClaim("scope");
        if (scope != null) {
            for (String word : scope.split(" ", -1)) {
                Grant.find(word).ifPresent(grants::add);
            }
        }
        return new Rights(grants.stream().distinct().toList());
    }

    private static String printable(String subject) {
        StringBuilder text = new StringBuilder();
        subject.chars().limit(LONGEST_SUBJECT).forEach(c -> text.append(c > ' ' && c < 0x7f ? (char) c : '?'));
        return text.toString();
    }

    private static String digest(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void require(boolean condition, String otherwise) throws Refused {
        if (!condition) {
            throw new Refused(otherwise);
        }
    }

    /** Why a token isn't taken; says nothing of what stands in it. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why, null, false, false);
        }
    }
}
