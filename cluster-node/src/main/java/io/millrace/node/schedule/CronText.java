package io.millrace.node.schedule;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A cron text, read: five fields, or six with the seconds first. Day of month and day of week are alternatives where both are
 * restricted, as with cron.
 *
 * @param times the local times that it names
 * @param isEveryHour whether its hours are all hours of the day
 */
record CronText(ExecutionTime times, boolean isEveryHour) {
    private static final String POINTER = "/schedule";
    private static final int LONGEST = 200;
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern EVERY_HOUR = Pattern.compile("\\*(/1)?|0-23");

    /** Days that not each month has are none that every month has a weekday next to. */
    private static final Pattern NEAREST_WEEKDAY = Pattern.compile("(LW|0?[1-9]W|1\\dW|2[0-8]W)");

    private static final Pattern OF_MONTH_END = Pattern.compile(".*[LW].*");

    private record Field(int at, String title, String values) {}

    private static final Field DAY_OF_MONTH = new Field(3, "day of month", "1 to 31, L, LW, 1W to 28W");
    private static final Field DAY_OF_WEEK = new Field(5, "day of week", "0 to 7 or SUN to SAT, 5L, 5#2");
    private static final Field HOUR = new Field(2, "hour", "0 to 23");
    private static final List<Field> FIELDS = List.of(
            new Field(0, "second", "0 to 59"),
            new Field(1, "minute", "0 to 59"),
            HOUR,
            DAY_OF_MONTH,
            new Field(4, "month", "1 to 12 or JAN to DEC"),
            DAY_OF_WEEK);

    private static final CronParser PARSER = new CronParser(definition());

    private static CronDefinition definition() {
        return CronDefinitionBuilder.defineCron()
                .withSeconds()
                .withValidRange(0, 59)
                .withStrictRange()
                .and()
                .withMinutes()
                .withValidRange(0, 59)
                .withStrictRange()
                .and()
                .withHours()
                .withValidRange(0, 23)
                .withStrictRange()
                .and()
                .withDayOfMonth()
                .withValidRange(1, 31)
                .supportsL()
                .supportsW()
                .supportsLW()
                .withStrictRange()
                .and()
                .withMonth()
                .withValidRange(1, 12)
                .withStrictRange()
                .and()
                .withDayOfWeek()
                .withValidRange(0, 7)
                .withMondayDoWValue(1)
                .withIntMapping(7, 0)
                .supportsHash()
                .supportsL()
                .and()
                .instance();
    }

    static CronText read(String text) throws InvalidScheduleException {
        if (text.length() > LONGEST) {
            throw invalid("at most " + LONGEST + " characters");
        }
        List<String> fields = new ArrayList<>(List.of(BLANKS.split(text.strip().toUpperCase(Locale.ROOT))));
        if (fields.size() == FIELDS.size() - 1) {
            fields.add(0, "0");
        }
        if (fields.size() != FIELDS.size()) {
            throw invalid(
                    "must have 5 fields (minute, hour, day of month, month, day of week), or 6 with the second first");
        }
        for (Field field : List.of(DAY_OF_MONTH, DAY_OF_WEEK)) {
            if (fields.get(field.at()).equals("?")) {
                fields.set(field.at(), "*"); // the same, as others write it
            }
        }
        for (Field field : FIELDS) {
            requireReadable(field, fields.get(field.at()));
        }
        String day = fields.get(DAY_OF_MONTH.at());
        if (OF_MONTH_END.matcher(day).matches() && !fields.get(DAY_OF_WEEK.at()).equals("*")) {
            throw invalid("L and W in the day of month go with no day of week");
        }
        return new CronText(
                ExecutionTime.forCron(PARSER.parse(String.join(" ", fields))),
                EVERY_HOUR.matcher(fields.get(HOUR.at())).matches());
    }

    private static void requireReadable(Field field, String text) throws InvalidScheduleException {
        boolean readable = !field.equals(DAY_OF_MONTH) || areWeekdaysNear(text);
        List<String> alone = new ArrayList<>(Collections.nCopies(FIELDS.size(), "*"));
        alone.set(field.at(), text);
        try {
            PARSER.parse(String.join(" ", alone)).validate();
        } catch (RuntimeException e) {
            readable = false; // its message is the library's own and no help to a user
        }
        if (!readable) {
            throw invalid("the " + field.title() + " is none: " + field.values()
                    + ", * for all, ranges upwards (1-5), lists (1,3) and steps (*/2)");
        }
    }

    private static boolean areWeekdaysNear(String days) {
        for (String day : days.split(",", -1)) {
            if (day.contains("W") && !NEAREST_WEEKDAY.matcher(day).matches()) {
                return false;
            }
        }
        return true;
    }

    private static InvalidScheduleException invalid(String detail) {
        return new InvalidScheduleException(POINTER, detail);
    }
}
