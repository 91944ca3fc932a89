#include "daemon/listener/site.hpp"

#include "tests/support/small_world.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

namespace testdome_sync::listener {
namespace {

struct visited {
    http::response get(const std::string& path, const std::string& method = "GET")
    {
        return site.answer({method, path});
    }

    small_world world;
    boost::asio::io_context loop{1};
    listener::site site{loop.get_executor(), world, world.clock, "1.2.3"};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(site_answers, visited)

BOOST_AUTO_TEST_CASE(each_path_takes_its_methods_and_no_others)
{
    for (const std::string path : {"/", "/healthz", "/readyz", "/metrics"}) {
        BOOST_TEST(get(path).status == 200, path);
        BOOST_TEST(get(path, "HEAD").status == 200, path);
        for (const std::string method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"}) {
            const auto answer = get(path, method);
            BOOST_TEST(answer.status == 405, method << ' ' << path);
            BOOST_TEST(answer.headers.find("allow").value_or("") == "GET, HEAD");
        }
    }
    for (const std::string path : {"/index.html", "//", "/healthz/", "/METRICS", "/..", "/webhooks", "/favicon.ico"})
        BOOST_TEST(get(path).status == 404, path);
}

BOOST_AUTO_TEST_CASE(every_answer_is_kept_by_nobody_and_embedded_nowhere)
{
    for (const std::string path : {"/", "/healthz", "/readyz", "/metrics", "/nothing", "/webhooks/x/y"}) {
        const auto answer = get(path);
        BOOST_TEST(answer.headers.find("cache-control").value_or("") == "no-store", path);
        BOOST_TEST(answer.headers.find("x-content-type-options").value_or("") == "nosniff", path);
        BOOST_TEST(holds(answer.headers.find("content-security-policy").value_or(""), "default-src 'none'"), path);
        BOOST_TEST(holds(answer.headers.find("content-security-policy").value_or(""), "frame-ancestors 'none'"), path);
    }
}

BOOST_AUTO_TEST_CASE(readiness_needs_an_engine_that_runs)
{
    world.working = false;
    const auto answer = get("/readyz");
    BOOST_TEST(answer.status == 503);
    BOOST_TEST(answer.body == "the engine does not run\n");
    BOOST_TEST(get("/healthz").status == 200);
}

BOOST_AUTO_TEST_CASE(readiness_needs_a_ledger_that_can_be_written)
{
    const auto owner = sync::open_sqlite_ledger(world.path, sync::ledger_access::write); // ours is owned no more
    const auto answer = get("/readyz");
    BOOST_TEST(answer.status == 503);
    BOOST_TEST(answer.body == "the ledger can't be written\n");
    BOOST_TEST(get("/").status == 200);
}

BOOST_AUTO_TEST_CASE(asking_for_readiness_changes_nothing_and_holds_nothing)
{
    BOOST_TEST(get("/readyz").status == 200);
    BOOST_TEST(get("/readyz").status == 200);
    sync::unit_of_work unit(world.ledger());
    unit.commit();
}

BOOST_AUTO_TEST_CASE(the_page_is_made_anew_after_some_seconds)
{
    const auto first = get("/").body;
    world.refused_files = true;
    BOOST_TEST(get("/").body == first);
    world.clock.advance(std::chrono::seconds{5});
    BOOST_TEST(holds(get("/").body, "Changed files are not in force"));
}

BOOST_AUTO_TEST_CASE(a_page_that_takes_long_to_make_is_made_seldom)
{
    struct large_world final : small_world {
        sync::ledger& ledger() override
        {
            clock.advance(std::chrono::seconds{1}); // each look at it takes that long
            return small_world::ledger();
        }
    } large;
    class site of_it(loop.get_executor(), large, large.clock, "1.2.3");
    const auto page = [&] { return of_it.answer({"GET", "/"}).body; };
    const auto first = page();
    large.refused_files = true;
    large.clock.advance(std::chrono::seconds{99});
    BOOST_TEST(page() == first);
    large.clock.advance(std::chrono::hours{1});
    BOOST_TEST(holds(page(), "Changed files are not in force"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::listener
