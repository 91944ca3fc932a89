#include "config/node.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace testdome_sync::config {
namespace {

constexpr std::size_t deepest = 64;

/// Ends the parser; the problem has been added already.
struct given_up {};

/// Builds our tree from yaml-cpp's events, because only these tell positions, tags, anchors and repeated keys.
class tree_builder final : public YAML::EventHandler {
public:
    tree_builder(std::shared_ptr<const source> file, problems& found) : file_(std::move(file)), found_(found) {}

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        add(made(node_kind::null, mark, "", 1), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        const auto known = anchors_.find(anchor);
        if (known == anchors_.end())
            give_up(at(mark, 1), "this alias is part of what it names");
        count(known->second.second, mark);
        auto copy = known->second.first;
        add(std::move(copy), 0, known->second.second - 1);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override
    {
        auto scalar = made(node_kind::scalar, mark, tag, value.size() + (tag == "!" ? 2 : 0));
        scalar.text = value;
        scalar.quoted = tag != "?" && scalar.tag.empty();
        add(std::move(scalar), anchor);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        open(made(node_kind::sequence, mark, tag, 1), anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        open(made(node_kind::mapping, mark, tag, 1), anchor);
    }
    void OnMapEnd() override { close(); }

    std::optional<node> root;

private:
    struct frame {
        node value;
        YAML::anchor_t anchor = 0;
        std::size_t size = 1;
        std::optional<node> key{};
        std::set<std::string> keys{};
    };

    position at(const YAML::Mark& mark, std::size_t length) const
    {
        return {file_, static_cast<std::uint32_t>(std::max(mark.line, 0)) + 1,
                static_cast<std::uint32_t>(std::max(mark.column, 0)) + 1,
                static_cast<std::uint32_t>(std::max<std::size_t>(length, 1))};
    }

    [[noreturn]] void give_up(const position& where, std::string message)
    {
        found_.add(where, std::move(message));
        throw given_up{};
    }

    node made(node_kind kind, const YAML::Mark& mark, const std::string& tag, std::size_t length)
    {
        static const std::vector<std::string> known{"!jq", "!credential", "!env", "!file"};
        count(1, mark);
        node value;
        value.kind = kind;
        value.where = at(mark, length);
        if (std::ranges::count(known, tag) > 0) {
            value.tag = tag;
            value.where.length += static_cast<std::uint32_t>(tag.size() + 1);
        } else if (tag.size() > 1 && tag.rfind("tag:yaml.org,2002:", 0) != 0) {
            found_.add(value.where, "unknown tag \"" + tag + "\"; there are !jq, !credential, !env and !file" +
                                        did_you_mean(tag, known));
        }
        return value;
    }

    void count(std::size_t more, const YAML::Mark& mark)
    {
        nodes_ += more;
        if (nodes_ > configuration_node_limit)
            give_up(at(mark, 1), "the file expands to more than " + std::to_string(configuration_node_limit) +
                                     " values (aliases that multiply each other?)");
    }

    void open(node value, YAML::anchor_t anchor)
    {
        if (stack_.size() >= deepest)
            give_up(value.where, "nested more than " + std::to_string(deepest) + " levels deep");
        stack_.push_back({std::move(value), anchor});
    }

    void close()
    {
        auto done = std::move(stack_.back());
        stack_.pop_back();
        add(std::move(done.value), done.anchor, done.size - 1);
    }

    /// `inner`: how many values are inside this one.
    void add(node value, YAML::anchor_t anchor, std::size_t inner = 0)
    {
        if (anchor != 0)
            anchors_[anchor] = {value, inner + 1};
        if (stack_.empty()) {
            root = std::move(value);
            return;
        }
        auto& parent = stack_.back();
        parent.size += inner + 1;
        if (parent.value.kind == node_kind::sequence) {
            parent.value.items.push_back(std::move(value));
        } else if (!parent.key) {
            take_key(parent, std::move(value));
        } else {
            if (parent.keys.insert(parent.key->text).second)
                parent.value.members.push_back({std::move(*parent.key), std::move(value)});
            else
                found_.add(parent.key->where, "\"" + parent.key->text + "\" stands here a second time");
            parent.key.reset();
        }
    }

    void take_key(frame& parent, node key)
    {
        if (key.kind != node_kind::scalar)
            give_up(key.where, "a key must be a word");
        parent.key = std::move(key);
    }

    std::shared_ptr<const source> file_;
    problems& found_;
    std::vector<frame> stack_;
    std::map<YAML::anchor_t, std::pair<node, std::size_t>> anchors_;
    std::size_t nodes_ = 0;
};

std::string explained(const YAML::ParserException& error, std::string_view line)
{
    const auto indentation = line.substr(0, line.find_first_not_of(" \t"));
    if (indentation.find('\t') != std::string_view::npos || error.msg.find("tab") != std::string::npos)
        return "a tab in the indentation; YAML wants spaces";
    return "this is not YAML: " + error.msg;
}

} // namespace

std::optional<node> parse_yaml(std::shared_ptr<const source> file, problems& found)
{
    if (const auto zero = file->text.find('\0'); zero != std::string::npos) {
        const auto line = static_cast<std::uint32_t>(std::count(
                              file->text.begin(), file->text.begin() + static_cast<std::ptrdiff_t>(zero), '\n')) +
                          1;
        found.add({file, line}, "the file holds a NUL byte: it is not a text file");
        return std::nullopt;
    }
    tree_builder builder(file, found);
    try {
        std::istringstream input(file->text);
        YAML::Parser parser(input);
        if (!parser.HandleNextDocument(builder) || !builder.root) {
            found.add({file}, "the file is empty");
            return std::nullopt;
        }
        auto first = std::move(*builder.root);
        tree_builder second(file, found);
        if (parser.HandleNextDocument(second) && second.root) {
            found.add(second.root->where, "a second YAML document begins here; one file holds one");
            return std::nullopt;
        }
        return first;
    } catch (const given_up&) {
    } catch (const YAML::ParserException& error) {
        const auto line = static_cast<std::uint32_t>(std::max(error.mark.line, 0)) + 1;
        const auto column = static_cast<std::uint32_t>(std::max(error.mark.column, 0)) + 1;
        found.add({file, line, column}, explained(error, file->line(line)));
    }
    return std::nullopt;
}

} // namespace testdome_sync::config
