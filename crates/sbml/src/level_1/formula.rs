//! Infix formulas of Level 1, made into MathML elements.
//!
//! Not those of Level 3: here a minus sign binds stronger than a power (`-x^2` is `(-x)^2`), powers group to the left,
//! and `log` is the natural logarithm.

use crate::xml::{Document, Node};

/// Parentheses and operators nest at most so deep; what reads the result recurses.
const DEEPEST: usize = 100;

/// A formula that cannot be read.
#[derive(Debug)]
pub(super) struct FormulaError {
    pub(super) message: String,
    /// Counted from 1.
    pub(super) character: usize,
}

/// Reads a formula into elements at the place of `like`.
pub(super) fn read(
    document: &mut Document,
    like: Node,
    text: &str,
    time_is_a_name: bool,
) -> Result<Node, FormulaError> {
    let mut parser = Parser { document, like, text, at: 0, time_is_a_name };
    let (content, _) = parser.sum(0)?;
    match parser.peek() {
        None => Ok(content),
        Some(other) => Err(parser.error(format!("`{other}` is not expected here"))),
    }
}

struct Parser<'a> {
    document: &'a mut Document,
    like: Node,
    text: &'a str,
    /// Byte of the next character.
    at: usize,
    time_is_a_name: bool,
}

/// An element and how deep it nests.
type Part = (Node, usize);

impl<'a> Parser<'a> {
    /// `a + b - c`, which becomes one sum of many terms, because formulas made by programs have very many.
    fn sum(&mut self, depth: usize) -> Result<Part, FormulaError> {
        let first = self.product(depth)?;
        let mut terms = vec![first];
        let mut signs = vec!['+'];
        while let Some(sign @ ('+' | '-')) = self.peek() {
            self.at += 1;
            terms.push(self.product(depth)?);
            signs.push(sign);
        }
        match (terms.as_slice(), signs.as_slice()) {
            ([only], _) => Ok(*only),
            ([first, second], [_, '-']) => self.apply("minus", &[*first, *second]),
            _ => {
                for (term, sign) in terms.iter_mut().zip(&signs) {
                    if *sign == '-' {
                        *term = self.apply("minus", &[*term])?;
                    }
                }
                self.apply("plus", &terms)
            }
        }
    }

    /// `a * b / c`.
    fn product(&mut self, depth: usize) -> Result<Part, FormulaError> {
        let mut factors = vec![self.power(depth)?];
        while let Some(sign @ ('*' | '/')) = self.peek() {
            self.at += 1;
            let next = self.power(depth)?;
            if sign == '*' {
                factors.push(next);
            } else {
                let above = self.times(&factors)?;
                factors = vec![self.apply("divide", &[above, next])?];
            }
        }
        self.times(&factors)
    }

    fn times(&mut self, factors: &[Part]) -> Result<Part, FormulaError> {
        if let [only] = factors { Ok(*only) } else { self.apply("times", factors) }
    }

    /// `a^b^c` is `(a^b)^c`.
    fn power(&mut self, depth: usize) -> Result<Part, FormulaError> {
        let mut base = self.sign(depth)?;
        while self.peek() == Some('^') {
            self.at += 1;
            let exponent = self.sign(depth)?;
            base = self.apply("power", &[base, exponent])?;
        }
        Ok(base)
    }

    fn sign(&mut self, depth: usize) -> Result<Part, FormulaError> {
        if depth > DEEPEST {
            return Err(self.too_deep());
        }
        match self.peek() {
            Some('-') => {
                self.at += 1;
                let inner = self.sign(depth + 1)?;
                self.apply("minus", &[inner])
            }
            Some('+') => {
                self.at += 1;
                self.sign(depth + 1)
            }
            _ => self.value(depth),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Part, FormulaError> {
        match self.peek() {
            Some('(') => {
                self.at += 1;
                let inner = self.sum(depth + 1)?;
                self.close()?;
                Ok(inner)
            }
            Some(digit) if digit.is_ascii_digit() || digit == '.' => self.number(),
            Some(letter) if letter.is_ascii_alphabetic() || letter == '_' => {
                let name = self.word();
                if self.peek() == Some('(') { self.call(name, depth) } else { Ok(self.named(name)) }
            }
            Some(other) => Err(self.error(format!("a value is expected, not `{other}`"))),
            None => Err(self.error("the formula ends too early")),
        }
    }

    fn number(&mut self) -> Result<Part, FormulaError> {
        let rest = &self.text.as_bytes()[self.at..];
        let digits = |from: usize| rest[from.min(rest.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut length = digits(0);
        if rest.get(length) == Some(&b'.') {
            length += 1 + digits(length + 1);
        }
        if matches!(rest.get(length), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(rest.get(length + 1), Some(b'+' | b'-')));
            let exponent = digits(length + 1 + sign);
            if exponent > 0 {
                length += 1 + sign + exponent;
            }
        }
        let text = &self.text[self.at..self.at + length];
        if text.parse::<f64>().is_err() {
            return Err(self.error(format!("`{text}` is not a number")));
        }
        self.at += length;
        Ok((self.document.make("cn", text, Vec::new(), self.like), 1))
    }

    fn word(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// Level 1 has no word for time; programs that mean it write `time`.
    fn named(&mut self, name: &str) -> Part {
        if name != "time" || self.time_is_a_name {
            return (self.document.make("ci", name, Vec::new(), self.like), 1);
        }
        let symbol = self.document.make("csymbol", name, Vec::new(), self.like);
        let url = "http://www.sbml.org/sbml/symbols/time";
        self.document.set_attributes(symbol, vec![("definitionURL".into(), url.into())]);
        (symbol, 1)
    }

    fn call(&mut self, name: &str, depth: usize) -> Result<Part, FormulaError> {
        let start = self.at;
        self.at += 1;
        let mut arguments = Vec::new();
        if self.peek() != Some(')') {
            arguments.push(self.sum(depth + 1)?);
            while self.peek() == Some(',') {
                self.at += 1;
                arguments.push(self.sum(depth + 1)?);
            }
        }
        self.close()?;
        let operator = match name {
            "acos" => "arccos",
            "asin" => "arcsin",
            "atan" => "arctan",
            "ceil" => "ceiling",
            "log" => "ln",
            "log10" => "log",
            "pow" => "power",
            "sqrt" => "root",
            "sqr" => match arguments[..] {
                [argument] => {
                    let two = self.document.make("cn", "2", Vec::new(), self.like);
                    return self.apply("power", &[argument, (two, 1)]);
                }
                _ => {
                    self.at = start;
                    return Err(self.error("`sqr` takes one argument"));
                }
            },
            "abs" | "cos" | "exp" | "floor" | "sin" | "tan" => name,
            // Whether there is such a function is for the check to say.
            _ => return self.apply_to(name, true, &arguments),
        };
        self.apply(operator, &arguments)
    }

    fn close(&mut self) -> Result<(), FormulaError> {
        match self.peek() {
            Some(')') => {
                self.at += 1;
                Ok(())
            }
            Some(other) => Err(self.error(format!("`{other}` is not expected here"))),
            None => Err(self.error("a parenthesis is not closed")),
        }
    }

    fn apply(&mut self, operator: &str, arguments: &[Part]) -> Result<Part, FormulaError> {
        self.apply_to(operator, false, arguments)
    }

    fn apply_to(&mut self, operator: &str, defined: bool, arguments: &[Part]) -> Result<Part, FormulaError> {
        let depth = 1 + arguments.iter().map(|(_, depth)| *depth).max().unwrap_or(0);
        if depth > DEEPEST {
            return Err(self.too_deep());
        }
        let (name, text) = if defined { ("ci", operator) } else { (operator, "") };
        let mut children = vec![self.document.make(name, text, Vec::new(), self.like)];
        children.extend(arguments.iter().map(|(node, _)| *node));
        Ok((self.document.make("apply", "", children, self.like), depth))
    }

    /// The next character that is not blank.
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    fn too_deep(&self) -> FormulaError {
        self.error(format!("it nests deeper than {DEEPEST}: split it with rules"))
    }

    fn error(&self, message: impl Into<String>) -> FormulaError {
        FormulaError { message: message.into(), character: self.text[..self.at].chars().count() + 1 }
    }
}
