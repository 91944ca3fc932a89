#include "daemon/configuration_changes.hpp"

#include "config/read_mapping.hpp"
#include "tests/unit/sync/ledger_file.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

namespace testdome_sync::daemon {

namespace {

constexpr auto first_rule = "  - {name: seniors, test: A, invitation: {reply_to: a@b.c, message: m}}\n";
constexpr auto second_rule = "  - {name: juniors, test: B, invitation: {reply_to: a@b.c, message: m}}\n";

configuration_fingerprints prints(const std::vector<std::pair<std::string, std::string>>& texts)
{
    checked_configuration made;
    for (const auto& [name, text] : texts) {
        config::problems found;
        auto file = std::make_shared<config::source>();
        file->name = name + ".yaml";
        file->text = text;
        const auto tree = config::parse_yaml(file, found);
        BOOST_REQUIRE(tree.has_value());
        made.mappings.push_back({config::read_mapping(*tree, file->name, {}, found), nullptr});
    }
    return fingerprints_of(made);
}

std::string with_rules(const std::string& rules)
{
    return "connector: csv\nurl: !env TESTDOME_SYNC_CHANGES\nrules:\n" + rules;
}

} // namespace

BOOST_AUTO_TEST_SUITE(changes_of_configuration)

BOOST_AUTO_TEST_CASE(comments_and_layout_change_nothing)
{
    const auto before = prints({{"m", with_rules(first_rule)}});
    const auto after =
        prints({{"m", "# A comment\n" + with_rules("  # another\n  - name: seniors\n    test: A\n    invitation:\n"
                                                   "      reply_to: a@b.c\n      message: m\n")}});
    const auto found = compare(before, after);
    BOOST_TEST(found.changed == 0);
    BOOST_TEST(found.rules_changed == 0);
    BOOST_TEST(found.unchanged.contains("m"));
    BOOST_TEST(found.touched.empty());
}

BOOST_AUTO_TEST_CASE(a_secret_with_another_value_is_a_change)
{
    ::setenv("TESTDOME_SYNC_CHANGES", "one", 1);
    const auto before = prints({{"m", with_rules(first_rule)}});
    ::setenv("TESTDOME_SYNC_CHANGES", "two", 1);
    const auto after = prints({{"m", with_rules(first_rule)}});
    ::unsetenv("TESTDOME_SYNC_CHANGES");
    const auto found = compare(before, after);
    BOOST_TEST(found.changed == 1);
    BOOST_TEST(found.rules_changed == 0);
    BOOST_TEST(before.at("m").all.find("one") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(mappings_and_rules_are_counted)
{
    const auto before =
        prints({{"a", with_rules(first_rule)}, {"b", with_rules(std::string(first_rule) + second_rule)}});
    const std::string changed = "  - {name: seniors, test: C, invitation: {reply_to: a@b.c, message: m}}\n";
    const auto after = prints({{"b", with_rules(changed)}, {"c", with_rules(std::string(first_rule) + second_rule)}});
    const auto found = compare(before, after);
    BOOST_TEST(found.added == 1);
    BOOST_TEST(found.removed == 1);
    BOOST_TEST(found.changed == 1);
    BOOST_TEST(found.unchanged.empty());
    BOOST_TEST(found.rules_added == 2);
    BOOST_TEST(found.rules_removed == 2);
    BOOST_TEST(found.rules_changed == 1);
    BOOST_TEST(found.touched.at("a") == std::set<std::string>({"seniors"}), boost::test_tools::per_element());
    BOOST_TEST(found.touched.at("b") == std::set<std::string>({"juniors", "seniors"}),
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(who_waits_by_a_changed_rule_is_counted, sync::ledger_file)
{
    const auto ledger = sync::open_sqlite_ledger(path, sync::ledger_access::write);
    using enum sync::assessment_state;
    const auto add = [&](const std::string& application, const std::string& rule, sync::assessment_state state) {
        auto made = sync::planned(application);
        made.rule = rule;
        made.state = state;
        sync::unit_of_work unit(*ledger);
        ledger->save(made, "test");
        unit.commit();
    };
    add("1", "seniors", planned);
    add("2", "seniors", held);
    add("3", "seniors", invited);
    add("4", "juniors", held);
    configuration_changes changes;
    changes.touched["engineering"] = {"seniors"};
    const auto touched = find_touched(changes, *ledger);
    BOOST_TEST(touched.planned == 1);
    BOOST_TEST(touched.held == 1);
    BOOST_TEST(
        to_text(changes, touched).ends_with("1 planned and 1 held assessments are by rules that are changed or gone"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::daemon
