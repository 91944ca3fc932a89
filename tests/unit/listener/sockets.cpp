#include "daemon/listener/server_identity.hpp"

#include "tests/sandbox/certificates.hpp"
#include "tests/support/small_world.hpp"
#include "tests/unit/listener/served.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/test/unit_test.hpp>

#include <fstream>

#include <sys/stat.h>

namespace testdome_sync::listener {
namespace {
namespace ssl = boost::asio::ssl;
namespace fs = std::filesystem;

struct with_files {
    with_files()
    {
        std::string name = (fs::temp_directory_path() / "testdome-sync-sockets.XXXXXX").string();
        directory = ::mkdtemp(name.data());
        store(sandbox::issue(authority));
    }
    ~with_files() { fs::remove_all(directory); }

    void store(const sandbox::certificate& made)
    {
        std::ofstream(directory / "tls.pem") << made.certificate_pem;
        std::ofstream(directory / "tls.key") << made.key_pem;
    }

    config::listen_settings with_tls() const
    {
        auto made = served::loopback();
        made.certificate = directory / "tls.pem";
        made.key = directory / "tls.key";
        return made;
    }

    config::listen_settings at_path() const
    {
        config::listen_settings made;
        made.kind = config::listen_kind::unix_socket;
        made.path = directory / "http.sock";
        return made;
    }

    /// The answer over TLS to somebody who trusts `trusted`; or why there is none.
    static std::string secure_answer(served& from, const sandbox::certificate& trusted, int version = TLS1_3_VERSION)
    {
        boost::asio::io_context context;
        ssl::context tls(ssl::context::tls_client);
        tls.add_certificate_authority(boost::asio::buffer(trusted.certificate_pem));
        tls.set_verify_mode(ssl::verify_peer);
        ::SSL_CTX_set_security_level(tls.native_handle(), 0); // the client may be as old as it likes
        ::SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_VERSION);
        ::SSL_CTX_set_max_proto_version(tls.native_handle(), version);
        ssl::stream<boost::asio::generic::stream_protocol::socket> stream(context, tls);
        stream.set_verify_callback(ssl::host_name_verification("127.0.0.1"));
        boost::system::error_code error;
        stream.lowest_layer().connect(from.endpoint());
        stream.handshake(ssl::stream_base::client, error);
        if (error)
            return error.message();
        boost::asio::write(stream,
                           boost::asio::buffer(std::string("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")));
        std::string heard;
        std::array<char, 1024> part{};
        while (!error)
            heard.append(part.data(), stream.read_some(boost::asio::buffer(part), error));
        return heard + (error == boost::asio::error::eof ? "" : error.message()); // TLS was ended in good order
    }

    std::string complaint(const config::listen_settings& of)
    {
        try {
            load_identity(of);
            return "none";
        } catch (const std::runtime_error& error) {
            return error.what();
        }
    }

    sandbox::certificate authority = sandbox::make_authority();
    fs::path directory;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sockets, with_files)

BOOST_AUTO_TEST_CASE(tls_is_spoken_where_there_is_a_certificate)
{
    served one(with_tls());
    BOOST_TEST(secure_answer(one, authority).ends_with("GET /x 0\n"));
    BOOST_TEST(secure_answer(one, authority, TLS1_2_VERSION).ends_with("GET /x 0\n"));
    BOOST_TEST(!holds(secure_answer(one, authority, TLS1_1_VERSION), "GET /x"));
    BOOST_TEST(!holds(secure_answer(one, sandbox::make_authority()), "GET /x"));
}

BOOST_AUTO_TEST_CASE(who_speaks_no_tls_or_never_ends_the_handshake_is_left)
{
    server_limits impatient;
    impatient.answer = impatient.farewell = std::chrono::milliseconds{150};
    served one(with_tls(), impatient);
    BOOST_TEST(!holds(one.answer_to("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "HTTP"));
    one.answer_to("");                             // nothing at all
    one.answer_to(std::string("\x16\x03\x01", 3)); // the beginning of a hello
    BOOST_TEST(secure_answer(one, authority).ends_with("GET /x 0\n"));
}

BOOST_AUTO_TEST_CASE(a_new_certificate_is_for_those_who_come_later_and_a_wrong_one_changes_nothing)
{
    served one(with_tls());
    const auto before = one.endpoint();
    const auto other = sandbox::make_authority();
    store(sandbox::issue(other));
    BOOST_TEST(secure_answer(one, authority).ends_with("GET /x 0\n"));
    one.on_loop([&] { one.server().renew(with_tls()); });
    BOOST_TEST((one.endpoint() == before));
    BOOST_TEST(secure_answer(one, other).ends_with("GET /x 0\n"));
    std::ofstream(directory / "tls.key") << "no key";
    one.on_loop([&] { BOOST_CHECK_THROW(one.server().renew(with_tls()), std::runtime_error); });
    BOOST_TEST(secure_answer(one, other).ends_with("GET /x 0\n"));
}

BOOST_AUTO_TEST_CASE(the_end_of_a_certificate_is_that_of_the_first_of_its_chain_to_end)
{
    using namespace std::chrono_literals;
    const auto hours_left = [&] {
        const auto end = end_of_certificate(with_tls());
        return std::chrono::round<std::chrono::hours>(end.value() - std::chrono::system_clock::now()).count();
    };
    const auto own = sandbox::issue(authority, {.valid_until = 72h});
    store(own);
    BOOST_TEST(hours_left() == 72);
    store({own.certificate_pem + sandbox::issue(authority, {.valid_until = 24h}).certificate_pem, own.key_pem});
    BOOST_TEST(hours_left() == 24);
    BOOST_TEST(!end_of_certificate(served::loopback()).has_value());
}

BOOST_AUTO_TEST_CASE(a_certificate_that_cannot_be_used_is_told_in_words)
{
    BOOST_TEST(complaint(with_tls()) == "none");
    std::ofstream(directory / "tls.key") << sandbox::make_authority().key_pem;
    BOOST_TEST(holds(complaint(with_tls()), "tls.key holds no PEM key without a passphrase that fits the certificate"));
    std::ofstream(directory / "tls.pem") << "nothing";
    BOOST_TEST(holds(complaint(with_tls()), "tls.pem holds no PEM certificates"));
    fs::remove(directory / "tls.key");
    BOOST_TEST(holds(complaint(with_tls()), "tls.key can't be read: No such file or directory"));
}

BOOST_AUTO_TEST_CASE(a_unix_socket_is_for_owner_and_group_and_gone_with_the_server)
{
    {
        served one(at_path());
        BOOST_TEST(one.answer_to("GET / HTTP/1.0\r\n\r\n").ends_with("GET / 0\n"));
        struct stat status {};
        BOOST_REQUIRE(::stat(at_path().path.c_str(), &status) == 0);
        BOOST_TEST((status.st_mode & 0777) == 0660);
    }
    BOOST_TEST(!fs::exists(at_path().path));
}

BOOST_AUTO_TEST_CASE(a_socket_that_a_crash_has_left_is_replaced_and_one_that_lives_is_not)
{
    {
        boost::asio::io_context context;
        boost::asio::local::stream_protocol::acceptor left(
            context, boost::asio::local::stream_protocol::endpoint(at_path().path));
    }
    served one(at_path());
    BOOST_TEST(one.answer_to("GET / HTTP/1.0\r\n\r\n").ends_with("GET / 0\n"));
    BOOST_CHECK_THROW(served other(at_path()), boost::system::system_error);
    BOOST_TEST(one.answer_to("GET / HTTP/1.0\r\n\r\n").ends_with("GET / 0\n"));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_socket_stays)
{
    std::ofstream(at_path().path) << "precious";
    BOOST_CHECK_THROW(served one(at_path()), boost::system::system_error);
    BOOST_TEST(fs::file_size(at_path().path) == 8U);
}

BOOST_AUTO_TEST_CASE(an_address_that_is_taken_is_an_error)
{
    served one;
    auto same = served::loopback();
    one.on_loop([&] {
        const auto address = one.server().address();
        same.port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    });
    BOOST_CHECK_THROW(served other(same), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(ipv6_is_spoken_too)
{
    auto six = served::loopback();
    six.host = "::1";
    try {
        served one(six);
        BOOST_TEST(one.answer_to("GET / HTTP/1.0\r\n\r\n").ends_with("GET / 0\n"));
    } catch (const boost::system::system_error& error) {
        BOOST_TEST_MESSAGE("skipped: this machine has no IPv6: " << error.what());
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::listener
