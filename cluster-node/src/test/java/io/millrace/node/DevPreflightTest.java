package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevPreflightTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final DevPreflight GOOD_MACHINE = new DevPreflight(17, directory -> Long.MAX_VALUE);

    @TempDir
    Path directory;

    private Path data;

    @BeforeEach
    void nameADirectoryThatIsYetToBeMade() {
        data = directory.resolve("to/be/made");
    }

    @Test
    void aGoodMachineIsTakenAndTheDataDirectoryIsMadeAndLeftEmpty() {
        assertThatCode(() -> GOOD_MACHINE.check(data, ANY_PORT)).doesNotThrowAnyException();
        assertThatCode(() -> DevPreflight.ofThisMachine().check(data, ANY_PORT)).doesNotThrowAnyException();
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void anOldJavaIsRefusedBeforeAnythingIsTouched() {
        var refusal = refusalOf(new DevPreflight(11, directory -> Long.MAX_VALUE), data, ANY_PORT);

        assertThat(refusal.exit()).isEqualTo(ExitCode.WRONG_JAVA);
        assertThat(refusal.line())
                .startsWith("Java 17 or newer is needed, this is Java 11")
                .hasLineCount(1);
        assertThat(data).doesNotExist();
    }

    @Test
    void aTakenPortIsRefusedWithTheOptionThatHelps() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var refusal = refusalOf(GOOD_MACHINE, data, (InetSocketAddress) taken.getLocalSocketAddress());

            assertThat(refusal.exit()).isEqualTo(ExitCode.PORT_TAKEN);
            assertThat(refusal.line())
                    .startsWith("port " + taken.getLocalPort() + " on 127.0.0.1 is taken")
                    .contains("--http-port")
                    .hasLineCount(1);
        }
    }

    @Test
    void aPlaceThatIsNoDirectoryIsRefused() throws Exception {
        Files.createFile(directory.resolve("to"));

        var refusal = refusalOf(GOOD_MACHINE, data, ANY_PORT);

        assertThat(refusal.exit()).isEqualTo(ExitCode.DIRECTORY_UNWRITABLE);
        assertThat(refusal.line())
                .startsWith("can't write to data directory " + data)
                .hasLineCount(1);
    }

    @Test
    void aReadOnlyDirectoryIsRefused() throws Exception {
        Files.createDirectories(data);
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(data), "root may write everywhere");

        var refusal = refusalOf(GOOD_MACHINE, data, ANY_PORT);

        assertThat(refusal.exit()).isEqualTo(ExitCode.DIRECTORY_UNWRITABLE);
        assertThat(refusal.line()).isEqualTo("can't write to data directory " + data + ": permission denied");
    }

    @Test
    void aDiskThatIsNearlyFullIsRefused() {
        var refusal = refusalOf(new DevPreflight(17, at -> DevPreflight.LEAST_FREE_BYTES - 1), data, ANY_PORT);

        assertThat(refusal.exit()).isEqualTo(ExitCode.DISK_FULL);
        assertThat(refusal.line())
                .isEqualTo("the disk of data directory " + data + " has 511 MiB free, at least 512 are needed");
    }

    @Test
    void everyReasonHasAnExitCodeOfItsOwnThatShellsAndPicocliDontUse() {
        assertThat(ExitCode.values())
                .extracting(ExitCode::code)
                .doesNotHaveDuplicates()
                .allMatch(code -> code > 2 && code < 64);
    }

    private static StartRefusal refusalOf(DevPreflight preflight, Path data, InetSocketAddress http) {
        return catchThrowableOfType(StartRefusal.class, () -> preflight.check(data, http));
    }
}
