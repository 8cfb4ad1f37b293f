package io.millrace.protocol;

/** The one rule for names of queues, bots, systems and producers: {@code [A-Za-z0-9][A-Za-z0-9._-]{0,199}}. */
final class Names {
    static final int MAX_LENGTH = 200;

    private Names() {}

    static String require(String kind, String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException(
                    kind + " name must be 1 to 200 characters of A-Z a-z 0-9 . _ - and begin with a letter or a digit");
        }
        return name;
    }

    static boolean isValid(String name) {
        int length = name.length();
        if (length == 0 || length > MAX_LENGTH || !isAlphanumeric(name.charAt(0))) {
            return false;
        }
        for (int i = 1; i < length; i++) {
            char c = name.charAt(i);
            if (!isAlphanumeric(c) && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
