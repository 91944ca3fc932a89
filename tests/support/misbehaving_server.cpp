#include "tests/support/misbehaving_server.hpp"

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <stdexcept>
#include <thread>

namespace testdome_sync::testing {
namespace {

SSL_CTX* context_for(const sandbox::certificate& identity, misbehaving_server::protocol speaks)
{
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    BIO* certificate_text =
        BIO_new_mem_buf(identity.certificate_pem.data(), static_cast<int>(identity.certificate_pem.size()));
    BIO* key_text = BIO_new_mem_buf(identity.key_pem.data(), static_cast<int>(identity.key_pem.size()));
    X509* certificate = PEM_read_bio_X509(certificate_text, nullptr, nullptr, nullptr);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(key_text, nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(context, certificate);
    SSL_CTX_use_PrivateKey(context, key);
    if (speaks == misbehaving_server::protocol::tls_1_1) {
        SSL_CTX_set_security_level(context, 0);
        SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    BIO_free(certificate_text);
    BIO_free(key_text);
    return context;
}

} // namespace

struct misbehaving_server::implementation {
    implementation(const sandbox::certificate& identity, std::vector<step> todo, protocol how)
        : steps(std::move(todo)), speaks(how), context(context_for(identity, how))
    {
        std::signal(SIGPIPE, SIG_IGN);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        const bool well =
            ::bind(listening, reinterpret_cast<sockaddr*>(&address), size) == 0 && ::listen(listening, 8) == 0 &&
            ::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size) == 0 && ::pipe(stop.data()) == 0;
        if (!well)
            throw std::runtime_error("no server");
        port = ntohs(address.sin_port);
        thread = std::thread([this] { serve(); });
    }

    ~implementation()
    {
        [[maybe_unused]] const auto told = ::write(stop[1], "x", 1);
        thread.join();
        ::close(listening);
        ::close(stop[0]);
        ::close(stop[1]);
        SSL_CTX_free(context);
    }

    /// False when the test is over.
    bool wait_for(int descriptor)
    {
        std::array<pollfd, 2> watched{pollfd{descriptor, POLLIN, 0}, pollfd{stop[0], POLLIN, 0}};
        ::poll(watched.data(), watched.size(), -1);
        return watched[1].revents == 0;
    }

    void serve()
    {
        while (wait_for(listening)) {
            const int accepted = ::accept(listening, nullptr, nullptr);
            ++connections;
            SSL* session = nullptr;
            bool open = true;
            if (speaks != protocol::plain) {
                session = SSL_new(context);
                SSL_set_fd(session, accepted);
                open = SSL_accept(session) == 1;
            }
            while (open)
                open = serve_one(accepted, session);
            if (session) {
                SSL_shutdown(session);
                SSL_free(session);
            }
            ::close(accepted);
            ++closed;
            closed.notify_all();
        }
    }

    bool serve_one(int accepted, SSL* session)
    {
        std::string request;
        std::array<char, 4096> chunk{};
        while (request.find("\r\n\r\n") == std::string::npos) {
            if ((!session || SSL_pending(session) == 0) && !wait_for(accepted))
                return false;
            const auto length = session ? SSL_read(session, chunk.data(), static_cast<int>(chunk.size()))
                                        : static_cast<int>(::read(accepted, chunk.data(), chunk.size()));
            if (length <= 0)
                return false;
            request.append(chunk.data(), static_cast<std::size_t>(length));
        }
        const auto number = static_cast<std::size_t>(requests++);
        if (number >= steps.size())
            return false;
        const auto& [answer, close] = steps[number];
        if (!answer.empty() && session)
            SSL_write(session, answer.data(), static_cast<int>(answer.size()));
        else if (!answer.empty() && ::write(accepted, answer.data(), answer.size()) < 0)
            return false;
        return !close;
    }

    std::vector<step> steps;
    protocol speaks;
    SSL_CTX* context;
    int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::array<int, 2> stop{};
    std::uint16_t port = 0;
    std::atomic<int> connections = 0;
    std::atomic<int> requests = 0;
    std::atomic<int> closed = 0;
    std::thread thread;
};

misbehaving_server::misbehaving_server(const sandbox::certificate& identity, std::vector<step> steps, protocol speaks)
    : implementation_(std::make_unique<implementation>(identity, std::move(steps), speaks))
{
}

misbehaving_server::~misbehaving_server() = default;

std::uint16_t misbehaving_server::port() const
{
    return implementation_->port;
}

int misbehaving_server::connections() const
{
    return implementation_->connections;
}

int misbehaving_server::requests() const
{
    return implementation_->requests;
}

void misbehaving_server::wait_for_close()
{
    implementation_->closed.wait(0);
}

} // namespace testdome_sync::testing
