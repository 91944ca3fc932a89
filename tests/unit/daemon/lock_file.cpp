#include "daemon/lock_file.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <optional>
#include <string>

#include <unistd.h>

namespace testdome_sync::daemon {

BOOST_AUTO_TEST_SUITE(lock)

BOOST_AUTO_TEST_CASE(a_second_holder_is_refused_and_told_who_holds_it)
{
    const auto path =
        (std::filesystem::temp_directory_path() / ("testdome-sync-lock." + std::to_string(::getpid()))).string();
    std::optional<lock_file> first(path);
    BOOST_CHECK_EXCEPTION(lock_file second(path), locked, [](const locked& error) {
        return std::string(error.what()).find("(process " + std::to_string(::getpid()) + ")") != std::string::npos;
    });
    first.reset();
    BOOST_CHECK_NO_THROW(lock_file third(path));
    std::filesystem::remove(path + ".lock");
}

BOOST_AUTO_TEST_CASE(the_holder_tells_where_it_takes_commands)
{
    const auto path =
        (std::filesystem::temp_directory_path() / ("testdome-sync-announced." + std::to_string(::getpid()))).string();
    const auto told = [&] {
        try {
            lock_file second(path);
        } catch (const locked& error) {
            return error.control_socket();
        }
        return std::string("not locked");
    };
    lock_file first(path);
    BOOST_TEST(told() == "");
    first.announce("/run/testdome-sync/control.sock");
    BOOST_TEST(told() == "/run/testdome-sync/control.sock");
    first.announce("/shorter");
    BOOST_TEST(told() == "/shorter");
    std::filesystem::remove(path + ".lock");
}

BOOST_AUTO_TEST_CASE(a_place_that_can_not_be_written_is_told)
{
    BOOST_CHECK_EXCEPTION(lock_file none("/nowhere/at/all"), std::runtime_error, [](const std::runtime_error& error) {
        return std::string(error.what()).find("/nowhere/at/all.lock can't be written: No such file or directory") !=
               std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::daemon
