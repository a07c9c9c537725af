"""Who is let in, and what a server looks at before it answers."""
