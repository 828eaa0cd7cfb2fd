#include "hsm/ceremony/document.hpp"

namespace buri::hsm::ceremony {
namespace {

constexpr std::string_view kMarkdownSpecial = "\\`*_{}[]<>#|&";

std::string escaped_markdown(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (kMarkdownSpecial.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string escaped_html(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

/// One overload per block.
struct MarkdownRenderer {
  std::string& out;

  void operator()(const Heading& heading) const {
    out += std::string(heading.level, '#') + " " + escaped_markdown(heading.text) + "\n\n";
  }
  void operator()(const Paragraph& paragraph) const {
    out += escaped_markdown(paragraph.text) + "\n\n";
  }
  void operator()(const BulletList& list) const {
    for (const std::string& item : list.items) out += "- " + escaped_markdown(item) + "\n";
    out += "\n";
  }
  void operator()(const Preformatted& block) const {
    out += "```text\n" + block.text + "\n```\n\n";
  }
  void operator()(const Table& table) const {
    const auto row = [&](const std::vector<std::string>& cells) {
      for (const std::string& cell : cells) out += "| " + escaped_markdown(cell) + " ";
      out += "|\n";
    };
    row(table.header);
    for (std::size_t i = 0; i < table.header.size(); ++i) out += "|---";
    out += "|\n";
    for (const auto& cells : table.rows) row(cells);
    out += "\n";
  }
  void operator()(const SignatureLine& line) const {
    out += escaped_markdown(line.label) + ": ______________________________\n\n";
  }
  void operator()(const PageBreak&) const { out += "---\n\n"; }
};

struct HtmlRenderer {
  std::string& out;

  void operator()(const Heading& heading) const {
    const std::string level = std::to_string(heading.level);
    out += "<h" + level + ">" + escaped_html(heading.text) + "</h" + level + ">\n";
  }
  void operator()(const Paragraph& paragraph) const {
    out += "<p>" + escaped_html(paragraph.text) + "</p>\n";
  }
  void operator()(const BulletList& list) const {
    out += "<ul>\n";
    for (const std::string& item : list.items) out += "<li>" + escaped_html(item) + "</li>\n";
    out += "</ul>\n";
  }
  void operator()(const Preformatted& block) const {
    out += "<pre>" + escaped_html(block.text) + "</pre>\n";
  }
  void operator()(const Table& table) const {
    out += "<table>\n";
    if (!table.widths.empty()) {
      out += "<colgroup>";
      for (const unsigned width : table.widths) {
        out += "<col style=\"width:" + std::to_string(width) + "%\">";
      }
      out += "</colgroup>\n";
    }
    row(table.header, "th");
    for (const auto& cells : table.rows) row(cells, "td");
    out += "</table>\n";
  }
  void operator()(const SignatureLine& line) const {
    out += "<div class=\"line\"><span>" + escaped_html(line.label) + "</span></div>\n";
  }
  void operator()(const PageBreak&) const { out += "<div class=\"break\"></div>\n"; }

 private:
  void row(const std::vector<std::string>& cells, const std::string& tag) const {
    out += "<tr>";
    for (const std::string& cell : cells) {
      out.append("<").append(tag).append(">");
      out.append(escaped_html(cell)).append("</").append(tag).append(">");
    }
    out += "</tr>\n";
  }
};

constexpr std::string_view kStyle = R"(<style>
@page { size: A4; margin: 18mm 16mm 20mm; }
body { font: 10.5pt/1.4 Georgia, serif; color: #000; max-width: 178mm; margin: 0 auto; }
h1, h2, h3 { font-family: Helvetica, Arial, sans-serif; line-height: 1.2; break-after: avoid; }
table { border-collapse: collapse; width: 100%; margin: 3mm 0; }
th, td { border: 0.3mm solid #444; padding: 1.2mm 1.6mm; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
th { background: #eee; font-family: Helvetica, Arial, sans-serif; font-size: 9.5pt; }
tr { break-inside: avoid; }
pre { font: 10pt/1.35 "Courier New", monospace; white-space: pre-wrap; overflow-wrap: anywhere;
  border: 0.3mm solid #444; padding: 2mm; break-inside: avoid; }
.line { border-bottom: 0.3mm solid #000; height: 14mm; margin: 2mm 0; position: relative; }
.line span { position: absolute; bottom: -5mm; font-size: 8.5pt; }
.break { break-after: page; }
footer { font-size: 8.5pt; border-top: 0.3mm solid #444; margin-top: 8mm; padding-top: 1mm; }
@media print { footer { position: fixed; bottom: 0; width: 100%; margin: 0; background: #fff; } }
</style>
)";

}  // namespace

std::string to_markdown(const Document& document) {
  std::string out;
  for (const Block& block : document.blocks) std::visit(MarkdownRenderer{out}, block);
  return out + escaped_markdown(document.footer) + "\n";
}

std::string to_html(const Document& document) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>" +
      escaped_html(document.title) + "</title>\n" + std::string(kStyle) + "</head>\n<body>\n";
  for (const Block& block : document.blocks) std::visit(HtmlRenderer{out}, block);
  return out + "<footer>" + escaped_html(document.footer) + "</footer>\n</body>\n</html>\n";
}

}  // namespace buri::hsm::ceremony
