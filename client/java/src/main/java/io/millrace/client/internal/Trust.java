package io.millrace.client.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS that believes the authorities of a file and no others. */
public final class Trust {
    private Trust() {}

    /**
     * Reads the file once.
     *
     * @throws IllegalArgumentException if the file can't be read, or has no certificates in PEM in it
     */
    public static SSLContext in(Path pem) {
        try {
            Collection<? extends Certificate> authorities = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(pem)));
            if (authorities.isEmpty()) {
                throw new IllegalArgumentException(pem + " has no certificate in it");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (Certificate authority : authorities) {
                store.setCertificateEntry("authority-" + number++, authority);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(pem + " can't be read", unreadable);
        } catch (GeneralSecurityException unfit) {
            throw new IllegalArgumentException(pem + " has no certificates in PEM in it", unfit);
        }
    }
}
