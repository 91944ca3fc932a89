#pragma once

#include "connectors/sql/connector.hpp"
#include "tests/support/mapping_text.hpp"
#include "tests/unit/sql/real_surroundings.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace testdome_sync::sql {

/// A mapping file given as text, read as `connector: sql` or as the preset's.
struct described {
    explicit described(const std::string& text, const std::string& base_directory = "",
                       const config::node* preset = nullptr, const std::string& connector = "sql")
    {
        mapping = testing::mapping_from(connector, text, {"", base_directory}, found);
        if (!mapping)
            return;
        what = read_description(*mapping, preset, found);
        mapping->library->compile(found);
        if (!found.empty())
            what.reset();
    }

    config::problems found;
    std::optional<config::mapping> mapping;
    std::optional<description> what;
};

/// BOOST_TEST for a failure's code, with its text on failure.
template <class T>
void check_failure(const sync::result<T>& outcome, sync::errc code, const std::string& words)
{
    BOOST_REQUIRE(!outcome);
    BOOST_TEST((outcome.error().code == code), outcome.error().code.message() << ": " << outcome.error().detail);
    BOOST_TEST(outcome.error().detail.find(words) != std::string::npos, outcome.error().detail);
}

/// The connector of a mapping file without a mistake, in real time.
struct live_connector {
    explicit live_connector(const std::string& text, const config::node* preset = nullptr,
                            const std::string& connector = "sql")
    {
        described made(text, "", preset, connector);
        if (!made.what)
            throw std::runtime_error(made.found.text());
        library = made.mapping->library;
        hr_system = create_connector(std::move(*made.what), world);
    }

    sync::result<sync::poll_answer> poll(sync::wall_time since = {}, boost::json::value cursor = nullptr)
    {
        return world.run(hr_system->poll({since, std::move(cursor), {}}));
    }

    sync::result<sync::write_outcome> write(const std::string& action, boost::json::value argument,
                                            boost::json::object document = {})
    {
        document.emplace("marker", "td-0123456789ab");
        return world.run(hr_system->write({action, std::move(argument), std::move(document), false}));
    }

    testing::real_surroundings world;
    std::shared_ptr<config::jq_library> library;
    std::unique_ptr<sync::hr_connector> hr_system;
};

} // namespace testdome_sync::sql
