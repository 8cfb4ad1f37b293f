package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of the launcher script, only what needs no build: it must not start Maven inside of Maven. */
class LauncherIT {

    @TempDir
    Path directory;

    @Test
    void isAValidPosixScriptThatRefusesAnOldJavaInOneLine() throws Exception {
        Path launcher = Path.of("..", "millrace").toRealPath();
        assertThat(launcher).isExecutable();
        Path java = Files.createDirectories(directory.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.22\" 2024-01-16' >&2\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path link = Files.createSymbolicLink(directory.resolve("millrace"), launcher);

        ProcessBuilder builder = new ProcessBuilder(link.toString(), "dev")
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", directory.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(ExitCode.WRONG_JAVA.code());
        assertThat(output).isEqualTo("millrace: Java 17 or newer is needed, this is Java 11 (" + java + ")\n");
    }

    @Test
    void sayingThatThereIsNoJavaIsOneLineToo() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(Path.of("..", "millrace").toString(), "dev").redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", directory.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(ExitCode.WRONG_JAVA.code());
        assertThat(output)
                .startsWith("millrace: Java 17 or newer is needed, and there is none")
                .hasLineCount(1);
    }
}
