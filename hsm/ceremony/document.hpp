#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Papers of a ceremony: built once, rendered as Markdown and as HTML that a browser prints to A4
/// or PDF without any other file. Rendering is a pure function, so that a paper can be made again
/// from the records and compared byte by byte.

namespace buri::hsm::ceremony {

struct Heading {
  unsigned level = 1;  ///< 1 to 3
  std::string text;
};
struct Paragraph {
  std::string text;
};
struct BulletList {
  std::vector<std::string> items;
};
/// Fixed-width text, kept as it is.
struct Preformatted {
  std::string text;
};
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< as many cells as the header
  std::vector<unsigned> widths = {};           ///< percent of the page; empty: as the text needs
};
/// A line to write on.
struct SignatureLine {
  std::string label;
};
struct PageBreak {};

using Block =
    std::variant<Heading, Paragraph, BulletList, Preformatted, Table, SignatureLine, PageBreak>;

struct Document {
  std::string title;
  std::string footer;  ///< at the bottom of every printed page
  std::vector<Block> blocks;
};

/// CommonMark with tables. Special characters are escaped.
std::string to_markdown(const Document& document);
/// One self-contained HTML page.
std::string to_html(const Document& document);

}  // namespace buri::hsm::ceremony
