package io.millrace.node.faults.checker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rule 3: whoever reads sees the queue's one order without gaps, within a page and from page to page. */
final class ReadersSeeOneOrder implements Rule {
    @Override
    public void check(Facts facts, Findings findings) {
        facts.disagreements.forEach(findings::add);
        Map<String, List<Page>> byReader = new HashMap<>();
        for (Page page : facts.pages) {
            byReader.computeIfAbsent(page.log().name() + " " + page.reader(), reader -> new ArrayList<>())
                    .add(page);
        }
        byReader.values().forEach(pages -> follow(facts, pages, findings));
        for (BotFacts bot : facts.bots.values()) {
            handlers(facts, bot, findings);
        }
    }

    private static void follow(Facts facts, List<Page> pages, Findings findings) {
        pages.sort(Comparator.comparingLong(Page::from));
        for (int i = 1; i < pages.size(); i++) {
            Page before = pages.get(i - 1);
            Page page = pages.get(i);
            if (page.after() > before.end()) {
                String what = page.reader() + " went on without " + facts.event(page.log(), before.end());
                findings.add(Kind.GAP, 3, what, before.place(), page.place());
            } else if (page.after() < before.end()) {
                String what = page.reader() + " got " + facts.event(page.log(), page.after()) + " again";
                findings.add(Kind.DUPLICATE, 3, what, before.place(), page.place());
            }
        }
    }

    /** A handler may get a batch again, after an error; but it never gets one before all that stand before it and aren't dead. */
    private static void handlers(Facts facts, BotFacts bot, Findings findings) {
        Letters letters = Letters.of(facts, bot.bot);
        Map<String, Page> furthest = new HashMap<>();
        List<BotFacts.Handling> inOrder = new ArrayList<>(bot.handlings);
        inOrder.sort(Comparator.comparingLong(one -> one.call().from()));
        for (BotFacts.Handling handling : inOrder) {
            Page page = handling.page();
            String key = handling.run().run() + " " + page.log().name();
            Page before = furthest.get(key);
            int due = before == null ? page.after() : letters.in(page.log()).nextClearBit(before.end());
            if (before != null && page.after() > due) {
                String what = bot.bot + " handled on without " + facts.event(page.log(), due);
                findings.add(Kind.GAP, 3, what, before.place(), page.place());
            }
            if (before == null || page.end() > before.end()) {
                furthest.put(key, page);
            }
        }
    }
}
