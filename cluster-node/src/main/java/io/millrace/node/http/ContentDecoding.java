package io.millrace.node.http;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.millrace.protocol.ProblemType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The encodings that a body may come in; decoding stops at the limit, whatever the body claims. */
enum ContentDecoding {
    IDENTITY,
    GZIP,
    ZSTD;

    /** 16 MiB: a window larger than the largest body only costs memory. */
    private static final int ZSTD_WINDOW_LOG = 24;

    private static final int STEP = 64 << 10;

    /** @throws Refusal if the encoding is unknown, or there are several */
    static ContentDecoding of(@Nullable String header) {
        String name = header == null ? "identity" : header.strip().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "identity" -> IDENTITY;
            case "gzip" -> GZIP;
            case "zstd" -> ZSTD;
            default ->
                throw Refusal.field(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE, "Content-Encoding", "takes one of zstd, gzip and identity");
        };
    }

    /** @throws Refusal if the body is corrupt, or decodes to more bytes than {@code limit} or than there is room for */
    byte[] decode(byte[] body, int limit, Admission.Reservation reservation) {
        return switch (this) {
            case IDENTITY -> body;
            case GZIP -> gunzip(body, limit, reservation);
            case ZSTD -> unzstd(body, limit, reservation);
        };
    }

    private static byte[] unzstd(byte[] body, int limit, Admission.Reservation reservation) {
        try (ZstdInputStreamNoFinalizer in = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(body))) {
            in.setLongMax(ZSTD_WINDOW_LOG);
            return drain(in, limit, reservation);
        } catch (IOException e) {
            throw corrupt("zstd");
        }
    }

    private static byte[] gunzip(byte[] body, int limit, Admission.Reservation reservation) {
        try (Gunzip in = new Gunzip(body)) {
            byte[] decoded = drain(in, limit, reservation);
            if (in.hasMore()) {
                throw corrupt("gzip");
            }
            return decoded;
        } catch (IOException e) {
            throw corrupt("gzip");
        }
    }

    private static byte[] drain(InputStream in, int limit, Admission.Reservation reservation) throws IOException {
        byte[] decoded = new byte[STEP];
        reservation.grow(STEP);
        int length = 0;
        for (int read = 0; read >= 0; read = in.read(decoded, length, decoded.length - length)) {
            length += read;
            if (length > limit) {
                throw Refusal.of(ProblemType.TOO_LARGE, "the body decodes to more than " + limit + " bytes");
            }
            if (length == decoded.length) {
                // One byte more than the limit tells that it was passed.
                int larger = (int) Math.min(limit + 1L, decoded.length * 2L);
                reservation.grow(larger - decoded.length);
                decoded = Arrays.copyOf(decoded, larger);
            }
        }
        return Arrays.copyOf(decoded, length);
    }

    private static Refusal corrupt(String encoding) {
        return Refusal.of(ProblemType.BAD_REQUEST, "the body is not valid " + encoding);
    }

    /** The JDK's stream passes over garbage behind the last member; this one can tell. */
    private static final class Gunzip extends GZIPInputStream {
        private static final int TRAILER = 8;

        Gunzip(byte[] body) throws IOException {
            super(new ByteArrayInputStream(body), Math.max(1, body.length));
        }

        boolean hasMore() {
            return inf.getRemaining() > TRAILER;
        }
    }
}
