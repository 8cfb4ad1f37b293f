package io.millrace.node.tls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The little of DER that it takes to have Java read older forms of keys. */
final class Der {
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final byte[] VERSION = {2, 1, 0};

    private Der() {}

    /**
     * A PKCS #8 key made of a bare one: what kind of key it is says the public key in the same words.
     *
     * @param publicKey as a certificate has it: a sequence of its kind and itself
     */
    static byte[] keyInfo(byte[] publicKey, byte[] bare) {
        int kind = contentAt(publicKey, 0);
        int end = contentAt(publicKey, kind) + lengthAt(publicKey, kind);
        return element(SEQUENCE, VERSION, Arrays.copyOfRange(publicKey, kind, end), element(OCTETS, bare));
    }

    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        if (length < 0x80) {
            whole.write(length);
        } else if (length < 0x100) {
            whole.write(0x81);
            whole.write(length);
        } else {
            whole.write(0x82);
            whole.write(length >> 8);
            whole.write(length);
        }
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }

    private static int contentAt(byte[] der, int element) {
        int first = der[element + 1] & 0xff;
        return element + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int lengthAt(byte[] der, int element) {
        int first = der[element + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = element + 2; i < contentAt(der, element); i++) {
            length = (length << 8) | (der[i] & 0xff);
        }
        return length;
    }
}
