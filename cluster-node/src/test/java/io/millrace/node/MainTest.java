package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {

    @ParameterizedTest
    @CsvSource({
        "'', Missing required subcommand (see ./millrace --help)",
        "flood, Unmatched argument at index 0: 'flood' (see ./millrace --help)",
        "dev --http-port x, Invalid value for option '--http-port': 'x' is not an int (see ./millrace dev --help)",
        "'dev --http-port 65536', '--http-port is 65536, must be 0 to 65535 (see ./millrace dev --help)'",
        "'dev --nodes 6', '--nodes is 6, must be 1 to 5 (see ./millrace dev --help)'",
        "node, Missing required option: '--config=FILE' (see ./millrace node --help)",
        "dev --data, Missing required parameter for option '--data' (DIR) (see ./millrace dev --help)",
    })
    void wrongArgumentsAreOneLineOnStandardErrorAndExitCodeTwo(String arguments, String expected) {
        var out = new StringWriter();
        var err = new StringWriter();
        var main = Main.commandLine((cassandra, datacenter, http) -> {
                    throw new AssertionError("started");
                })
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));

        int code = main.execute(arguments.isEmpty() ? new String[0] : arguments.split(" "));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().strip()).isEqualTo("millrace: " + expected);
        assertThat(out.toString()).isEmpty();
    }
}
