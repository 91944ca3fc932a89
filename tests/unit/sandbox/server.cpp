#include "connectors/http/client.hpp"
#include "tests/sandbox/sandbox.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>

#include <stdlib.h>

namespace testdome_sync::sandbox {

BOOST_AUTO_TEST_SUITE(sandbox_server)

BOOST_AUTO_TEST_CASE(it_answers_over_tls_with_the_certificate_that_it_wrote)
{
    std::string directory = (std::filesystem::temp_directory_path() / "testdome-sync-sandbox.XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(directory.data()));
    boost::asio::io_context context(1);
    {
        sandbox running(context.get_executor(), {.directory = directory});
        http::client_options options;
        options.ca_file = directory + "/ca.pem";
        const auto client = http::create_client(context.get_executor(), options);
        http::request order;
        order.url = running.url() + "/sandbox/books";
        int status = 0;
        boost::asio::co_spawn(context, client->send(order),
                              [&](std::exception_ptr, const http::result<http::response>& answer) {
                                  status = answer ? answer->status : -1;
                                  context.stop();
                              });
        context.run();
        BOOST_TEST(status == 200);
        BOOST_TEST(std::filesystem::exists(running.configuration_path()));
    }
    std::filesystem::remove_all(directory);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sandbox
